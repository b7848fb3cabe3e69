#include "tag/tool_table.h"

#include <array>
#include <type_traits>
#include <utility>

namespace llmi::tag {
namespace {

constexpr std::array<ParamSpec, 1> kSearchParams{{{"query", ParamKind::kText, "what to search for"}}};
constexpr std::array<ParamSpec, 1> kDiffusionParams{{{"prompt", ParamKind::kText, "the scene to paint"}}};
constexpr std::array<ParamSpec, 1> kCodeParams{
    {{"code", ParamKind::kText, "Python that draws one figure; plt, pd, sns and np are imported"}}};
constexpr std::array<ParamSpec, 2> kEditParams{
    {{"img_index", ParamKind::kPictureIndex, "the picture to change: input pictures first, then tags, from 0"},
     {"prompt", ParamKind::kText, "the change to make"}}};

constexpr std::array<ToolSpec, 4> kTools{{
    {Source::kSearch, "search", "real things: people, places, objects, events", kSearchParams},
    {Source::kDiffusion, "diffusion", "imagined or artistic scenes", kDiffusionParams},
    {Source::kCode, "code", "numbers, charts, diagrams", kCodeParams},
    {Source::kEdit, "edit", "a change to an earlier picture", kEditParams},
}};

}  // namespace

std::span<const ToolSpec> tools() noexcept { return kTools; }

const ToolSpec& tool(Source source) noexcept { return kTools[static_cast<std::size_t>(source)]; }

Params make_params(Source source, std::vector<ParamValue> values) {
  const auto text = [&](std::size_t i) { return std::get<std::string>(std::move(values[i])); };
  switch (source) {
    case Source::kSearch:
      return SearchParams{text(0)};
    case Source::kDiffusion:
      return DiffusionParams{text(0)};
    case Source::kCode:
      return CodeParams{text(0)};
    case Source::kEdit:
      return EditParams{std::get<std::size_t>(values[0]), text(1)};
  }
  std::unreachable();
}

std::vector<ParamValue> param_values(const Params& params) {
  struct Visitor {
    std::vector<ParamValue> operator()(const SearchParams& p) const { return {p.query}; }
    std::vector<ParamValue> operator()(const DiffusionParams& p) const { return {p.prompt}; }
    std::vector<ParamValue> operator()(const CodeParams& p) const { return {p.code}; }
    std::vector<ParamValue> operator()(const EditParams& p) const { return {p.img_index, p.prompt}; }
  };
  return std::visit(Visitor{}, params);
}

}  // namespace llmi::tag
