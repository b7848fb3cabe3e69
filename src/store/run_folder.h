#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "document/document.h"
#include "document/event.h"

namespace llmi::store {

/// A run on disk, written as it happens: answer.txt and events.jsonl grow with every event, each figure is written
/// whole the moment it is ready, so that `kill -9` at any point leaves the finished figures and a readable run. While
/// one lives, its run counts as being written (run_place.h).
class RunWriter {
 public:
  /// For a new run in `folder`, which is taken over with its RunStarted: an older run in it is replaced whole.
  /// Errors: kInvalidArgument when the folder is not free (run_place.h).
  [[nodiscard]] static Result<std::unique_ptr<RunWriter>> create(const std::filesystem::path& folder);
  /// To go on with the run in `folder`, beginning with a RunResumed. Errors: kNotFound; kInvalidArgument when it is
  /// being written; kInternal when it cannot be written.
  [[nodiscard]] static Result<std::unique_ptr<RunWriter>> resume(const std::filesystem::path& folder);
  virtual ~RunWriter() = default;

  /// Copies an input picture into inputs/; returns its entry for RunStarted.
  [[nodiscard]] virtual Result<document::InputPicture> add_input(const std::string& name,
                                                                 const image::Picture& picture) = 0;
  /// Appends an event (an EventSink); for FigureReady also writes the picture to `figure.file`.
  virtual void add(const document::Event& event) = 0;
  /// First write error since the start, if any; nothing is written behind it.
  [[nodiscard]] virtual Result<void> status() const = 0;
  [[nodiscard]] virtual const std::filesystem::path& folder() const = 0;
};

/// "figures/01-volcano-erupting.png" for the figure with ordinal `ordinal` (1-based over tags), by its description.
[[nodiscard]] std::string figure_file_name(std::size_t ordinal, std::string_view description,
                                           std::string_view extension);

}  // namespace llmi::store
