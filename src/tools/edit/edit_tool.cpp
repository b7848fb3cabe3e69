#include "tools/edit/edit_tool.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <expected>

#include "base/paths.h"
#include "image/operate.h"
#include "tools/edit/instruction.h"
#include "tools/edit/operation.h"

namespace llmi::tools {
namespace {

using Step = std::expected<edit::Program, Fault>;

Fault fault_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::kTimeout:
      return {Stage::kTimeout, "the edit took longer than it may"};
    case ErrorCode::kCancelled:
      return {Stage::kCancelled, "cancelled"};
    case ErrorCode::kUnreadable:
      return {Stage::kDecode, error.message};
    default:
      return {Stage::kTool, error.message};
  }
}

Fault not_understood(std::string_view part) {
  return {
      Stage::kTool,
      fmt::format(
          "no exact picture operation does this: \"{}\". Possible are crop, rotate, flip, resize, grey, sepia, "
          "brightness, contrast, saturation, warmth, blur, sharpen, border, caption or label with the text in quotes, "
          "arrow, circle, box, colour overlay, and the original side by side; anything else needs a generative "
          "backend for edits",
          part)};
}

Step program_for(std::string_view instruction) {
  auto read = edit::read_instruction(instruction);
  if (auto* program = std::get_if<edit::Program>(&read)) return std::move(*program);
  return std::unexpected(not_understood(std::get<edit::NotUnderstood>(read).part));
}

document::Provenance provenance_of(const edit::Program& program, const std::string& instruction) {
  document::Provenance provenance{.tool = "edit", .backend = "libvips", .prompt = instruction};
  for (const edit::Operation& operation : program) provenance.operations.push_back(print(operation));
  return provenance;
}

}  // namespace

Availability EditTool::availability() const {
  if (::access(companion_program("llmi-picture").c_str(), X_OK) == 0) return {.usable = true};
  return {.usable = false, .reason = "the program llmi-picture is not there", .remedy = "scripts/setup"};
}

std::size_t EditTool::max_concurrent() const {
  // The generative tool keeps its own limit at its server.
  return options_.generative ? std::max(options_.max_concurrent, options_.generative->max_concurrent())
                             : options_.max_concurrent;
}

bool EditTool::is_generative(const Request& request) const {
  const auto* params = std::get_if<tag::EditParams>(&request.tag.params);
  return options_.generative != nullptr && params != nullptr &&
         !std::holds_alternative<edit::Program>(edit::read_instruction(params->prompt));
}

Quote EditTool::quote(const Request& request) const {
  return is_generative(request) ? options_.generative->quote(request) : Tool::quote(request);
}

std::string EditTool::cache_identity(const RunContext& context, const Request& request) const {
  if (is_generative(request)) return options_.generative->cache_identity(context, request);
  // The program itself, so that better rules are not answered with what the old ones made.
  const auto* params = std::get_if<tag::EditParams>(&request.tag.params);
  const auto read = edit::read_instruction(params == nullptr ? std::string_view() : params->prompt);
  const auto* program = std::get_if<edit::Program>(&read);
  return fmt::format("edit {} {}", image::operate_identity(), program == nullptr ? "" : print(*program));
}

Outcome EditTool::run(const RunContext& context, const Request& request) {
  const auto* params = std::get_if<tag::EditParams>(&request.tag.params);
  if (params == nullptr || request.parent == nullptr)
    return {.result = Fault{Stage::kTool, "there is no picture to change"}};
  if (is_generative(request)) return options_.generative->run(context, request);
  const RunContext limited = context.capped(options_.timeout);
  const Step program = program_for(params->prompt);
  if (!program) return {.result = program.error()};
  auto picture = image::operate(limited, *request.parent, print(*program));
  if (!picture) return {.result = fault_of(picture.error())};
  return {.result = Made{.picture = *std::move(picture), .provenance = provenance_of(*program, params->prompt)}};
}

}  // namespace llmi::tools
