#include "run_flags.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <optional>

#include "base/file.h"
#include "base/random.h"
#include "base/units.h"
#include "config/options.h"
#include "image/decode.h"

namespace llmi::app {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

void add_run_flags(CLI::App& app, RunFlags& flags) {
  app.add_option("--image", flags.images, "input picture; may be given several times")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  app.add_option("--figures", flags.figures, "pictures wanted: none, any, some (at least one) or a number")
      ->capture_default_str();
  app.add_option("--out", flags.out,
                 "the run folder; an older run in it is replaced (default: a new folder below the data folder)")
      ->type_name("DIR");
  app.add_option("--format", flags.formats,
                 "output formats, comma-separated: html, md, json, pdf, docx, pptx, epub, odt")
      ->capture_default_str();
  app.add_option("--tools", flags.tools,
                 "tools that may be used, comma-separated: search, code, edit (default: all that work)");
  app.add_option("--seed", flags.seed, "seed of all random choices (default: random, recorded in the run)");
  app.add_option("--deadline", flags.deadline, "time after which the document is delivered as it is, e.g. 2m");
  app.add_flag("--strict", flags.strict, "exit with code 4 when a figure failed");
  app.add_flag("--dry-run", flags.dry_run, "plan the figures, call no tool, print the plan");
  app.add_flag("--open", flags.open, "open the document when it is done");
}

Result<agent::FigureCount> figure_count(const RunFlags& flags) {
  using Kind = agent::FigureCount::Kind;
  if (flags.figures == "none") return agent::FigureCount{Kind::kNone};
  if (flags.figures == "any") return agent::FigureCount{Kind::kAny};
  if (flags.figures == "some") return agent::FigureCount{Kind::kSome};
  const auto number = whole_number(flags.figures);
  if (!number || *number == 0 || *number > 1000)
    return invalid_argument(
        fmt::format("--figures: expected none, any, some or a number from 1 to 1000, got \"{}\"", flags.figures));
  return agent::FigureCount{Kind::kExactly, *number};
}

Result<std::vector<std::string>> formats(const RunFlags& flags) {
  auto words = config::split_list(flags.formats);
  if (words.empty())
    return invalid_argument("--format: expected at least one of html, md, json, pdf, docx, pptx, epub, odt");
  return words;
}

Result<RunContext> run_context(const RunFlags& flags, std::stop_token stop) {
  RunContext context{.stop = std::move(stop), .seed = random_seed()};
  if (!flags.seed.empty()) {
    const auto seed = whole_number(flags.seed);
    if (!seed || *seed >= (std::uint64_t{1} << 53))
      return invalid_argument(fmt::format("--seed: expected a whole number below 2^53, got \"{}\"", flags.seed));
    context.seed = *seed;
  }
  if (!flags.deadline.empty()) {
    const auto span = parse_duration(flags.deadline);
    if (!span || span->count() == 0)
      return invalid_argument(
          fmt::format("--deadline: expected a duration such as \"2m\", got \"{}\"", flags.deadline));
    context.deadline = Deadline::after(*span);
  }
  return context;
}

Result<std::vector<agent::InputPicture>> input_pictures(const RunContext& context, const RunFlags& flags) {
  std::vector<agent::InputPicture> pictures;
  for (const auto& path : flags.images) {
    LLMI_TRY(const std::string bytes, read_file(path, image::DecodeLimits{}.max_bytes));
    auto picture = image::decode_untrusted(context, bytes);
    if (!picture) {
      Error error = std::move(picture).error();
      error.message = fmt::format("--image {}: {}", path.string(), error.message);
      return std::unexpected(std::move(error));
    }
    pictures.push_back(
        {.name = path.filename().string(), .picture = std::make_shared<const image::Picture>(*std::move(picture))});
  }
  return pictures;
}

}  // namespace llmi::app
