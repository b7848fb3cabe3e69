#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "document/document.h"
#include "document/event.h"
#include "image/picture.h"

namespace llmi::store {

/// What a run folder holds on record.
struct RunRecord {
  std::vector<document::Event> events;  ///< Without the answer's text: JSON cannot hold all bytes of it.
  std::string answer;                   ///< As in answer.txt, which may be ahead of the events by a piece.

  [[nodiscard]] const document::RunStarted& started() const;
  /// The fold of the events.
  [[nodiscard]] document::Document document() const;
};

/// Reads a run back, but for its pictures; a torn last line is dropped. The first event is a RunStarted.
/// Errors: kNotFound, kUnreadable naming file and line.
[[nodiscard]] Result<RunRecord> read_record(const std::filesystem::path& folder);

/// A picture of a run, as it was made. Errors: kNotFound, kUnreadable naming the file.
[[nodiscard]] Result<image::Picture> read_picture(const std::filesystem::path& folder,
                                                  const document::ReadyFigure& figure);
[[nodiscard]] Result<image::Picture> read_picture(const std::filesystem::path& folder,
                                                  const document::InputPicture& input);

/// The document of a run whose pictures are all there, as they were. Errors: as read_record; kNotFound, kUnreadable
/// naming the picture.
[[nodiscard]] Result<document::Document> read_run(const std::filesystem::path& folder);

}  // namespace llmi::store
