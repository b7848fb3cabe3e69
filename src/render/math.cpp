#include "render/math.h"

#include <fmt/format.h>

#include "base/child_process.h"
#include "render/escape.h"

namespace llmi::render {
namespace {

constexpr std::size_t kLongestFormula = 4096;
constexpr std::chrono::milliseconds kTimeLimit{2000};

/// What stands between two marks; empty when they are not there.
std::string_view between(std::string_view text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin);
  if (from == std::string_view::npos) return {};
  const std::size_t to = text.find(end, from);
  if (to == std::string_view::npos) return {};
  return text.substr(from + begin.size(), to - from - begin.size());
}

}  // namespace

std::string tex_source(std::string_view tex, bool display) {
  return fmt::format("<code class=\"{}\">{}</code>", display ? "math display" : "math", escape_html(tex));
}

std::string tex_to_mathml(std::string_view tex, bool display) {
  if (tex.size() > kLongestFormula) return tex_source(tex, display);
  const RunContext context{.deadline = Deadline::after(kTimeLimit)};
  const auto result =
      run_child(context, {.argv = {"/usr/bin/blahtexml", "--mathml"}, .environment = {"LANG=C.UTF-8"}}, tex);
  if (!result || result->exit_code != 0) return tex_source(tex, display);
  std::string_view markup = between(result->out, "<markup>", "</markup>");
  while (markup.starts_with('\n')) markup.remove_prefix(1);
  while (markup.ends_with('\n')) markup.remove_suffix(1);
  if (markup.empty()) return tex_source(tex, display);
  return fmt::format("<math{}>{}</math>", display ? " display=\"block\"" : "", markup);
}

}  // namespace llmi::render
