#include "store/run_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "base/file.h"
#include "base/sha256.h"
#include "document/builder.h"
#include "store/run_files.h"
#include "store/run_place.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

template <class Body>
bool holds(const document::Event& event) {
  return std::holds_alternative<Body>(event.body);
}

/// `entry` is a ReadyFigure or an InputPicture.
Result<image::Picture> read_checked(const fs::path& folder, const auto& entry) {
  const fs::path file = folder / entry.file;
  LLMI_TRY(std::string bytes, read_file(file));
  if (sha256_hex(bytes) != entry.sha256)
    return fail(ErrorCode::kUnreadable, Origin::kCaller,
                fmt::format("{} is damaged: its SHA-256 is not the one in {}", file.string(), kEventsFile));
  const std::string ending = file.extension().string();
  return image::Picture{.bytes = std::move(bytes),
                        .format = image::format_of(std::string_view(ending).substr(ending.empty() ? 0 : 1)),
                        .width = entry.width,
                        .height = entry.height};
}

}  // namespace

const document::RunStarted& RunRecord::started() const { return std::get<document::RunStarted>(events.front().body); }

document::Document RunRecord::document() const {
  document::Builder builder;
  for (const document::Event& event : events) builder.add(event);
  builder.add({.body = document::AnswerGrew{answer}});
  return builder.build();
}

Result<RunRecord> read_record(const fs::path& folder) {
  if (!holds_a_run(folder)) return not_found(fmt::format("{} is not a run folder", folder.string()));
  RunRecord record;
  // A run that was killed at its very beginning has no answer yet.
  if (fs::exists(folder / kAnswerFile)) {
    LLMI_TRY(record.answer, read_file(folder / kAnswerFile));
  }
  std::ifstream events(folder / kEventsFile);
  std::string line;
  for (std::size_t number = 1; std::getline(events, line); ++number) {
    auto event = document::event_from_json(line);
    if (!event && events.eof()) break;  // a torn last line
    if (!event)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("{}:{}: {}", (folder / kEventsFile).string(), number, event.error().message));
    if (!holds<document::AnswerGrew>(*event)) record.events.push_back(*std::move(event));
  }
  return record;
}

Result<image::Picture> read_picture(const fs::path& folder, const document::ReadyFigure& figure) {
  return read_checked(folder, figure);
}
Result<image::Picture> read_picture(const fs::path& folder, const document::InputPicture& input) {
  return read_checked(folder, input);
}

Result<document::Document> read_run(const fs::path& folder) {
  LLMI_TRY(const RunRecord record, read_record(folder));
  document::Document document = record.document();
  for (const document::Block& block : document.blocks) {
    const auto* figure = std::get_if<document::FigureBlock>(&block);
    if (figure != nullptr && figure->ready() != nullptr) LLMI_CHECK_OK(read_picture(folder, *figure->ready()));
  }
  return document;
}

}  // namespace llmi::store
