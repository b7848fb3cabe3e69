#include "eval/generate.h"

#include <fmt/format.h>

#include <memory>
#include <stop_token>
#include <utility>

#include "base/file.h"
#include "document/json.h"
#include "image/decode.h"
#include "render/render.h"
#include "store/run_folder.h"
#include "store/run_record.h"

namespace llmi::eval {
namespace {

namespace fs = std::filesystem;

// document.json is written last: with it the run counts as done.
constexpr const char* kDone = "document.json";

Result<std::string> bytes_of(const InputImage& image) {
  if (image.file.empty()) return image.bytes;
  return read_file(image.file, image::DecodeLimits{}.max_bytes);
}

Result<std::vector<agent::InputPicture>> inputs_of(const RunContext& context, const Item& item) {
  std::vector<agent::InputPicture> inputs;
  for (const InputImage& image : item.images) {
    LLMI_TRY(const std::string bytes, bytes_of(image));
    auto picture = image::decode_untrusted(context, bytes);
    if (!picture) {
      Error error = std::move(picture).error();
      error.message = fmt::format("input picture {}: {}", image.name, error.message);
      return std::unexpected(std::move(error));
    }
    inputs.push_back({.name = image.name, .picture = std::make_shared<const image::Picture>(*std::move(picture))});
  }
  return inputs;
}

Result<document::Document> whole(Result<agent::Report> report) {
  if (!report) return std::unexpected(std::move(report).error());
  if (report->error) return std::unexpected(*std::move(report->error));
  return std::move(report->document);
}

Result<agent::Report> run(const RunContext& context, const Writer& writer, const agent::Task& task,
                          const document::EventSink& sink, const fs::path& folder) {
  if (!writer.write) return agent::write(context, writer.services, task, sink);
  return writer.write(context, writer.services, task, sink, folder);
}

Result<document::Document> plan(const RunContext& context, const Writer& writer, const agent::Task& task,
                                const fs::path& folder) {
  LLMI_TRY(document::Document document, whole(run(context, writer, task, [](const document::Event&) {}, {})));
  LLMI_CHECK_OK(write_file(folder / kDone, document::to_json(document)));
  return document;
}

Result<document::Document> write(const RunContext& context, const Writer& writer, agent::Task task,
                                 const fs::path& folder) {
  LLMI_TRY(const auto record, store::RunWriter::create(folder));
  for (agent::InputPicture& input : task.inputs) {
    LLMI_TRY(const document::InputPicture kept, record->add_input(input.name, *input.picture));
    input.file = kept.file;
  }
  LLMI_CHECK_OK(whole(run(context, writer, task, [&](const document::Event& event) { record->add(event); }, folder)));
  LLMI_CHECK_OK(record->status());
  LLMI_TRY(document::Document document, store::read_run(folder));
  LLMI_CHECK_OK(render::write_outputs(document, folder, task.formats));
  return document;
}

}  // namespace

Result<document::Document> generate(const RunContext& context, const Writer& writer, const Item& item,
                                    const fs::path& folder) {
  agent::Task task = writer.task;
  task.prompt = item.prompt;
  task.formats = {"html", "json"};
  LLMI_TRY(task.inputs, inputs_of(context, item));
  auto document = task.dry_run ? plan(context, writer, task, folder) : write(context, writer, std::move(task), folder);
  // A run that was interrupted says something about the interruption only.
  if (context.cancelled()) return fail(ErrorCode::kCancelled, Origin::kCaller, "cancelled");
  return document;
}

Result<document::Document> read_generated(const fs::path& folder) {
  LLMI_TRY(const std::string text, read_file(folder / kDone));
  return document::from_json(text);
}

}  // namespace llmi::eval
