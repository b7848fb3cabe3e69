#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "document/document.h"
#include "document/event.h"

namespace llmi::store {

/// A run on disk, written as it happens: answer.txt and events.jsonl grow with every event, each figure is written
/// whole the moment it is ready, so that `kill -9` at any point leaves the finished figures and a readable run.
class RunWriter {
 public:
  /// Claims `folder`: missing or empty, or holding an older run, which is replaced whole once the new one has begun.
  /// Errors: kInvalidArgument for a folder with anything else in it.
  [[nodiscard]] static Result<std::unique_ptr<RunWriter>> create(const std::filesystem::path& folder);
  virtual ~RunWriter() = default;

  /// Copies an input picture into inputs/; returns its entry for RunStarted.
  [[nodiscard]] virtual Result<document::InputPicture> add_input(const std::string& name,
                                                                 const image::Picture& picture) = 0;
  /// Appends an event (an EventSink); for FigureReady also writes the picture to `figure.file`.
  virtual void add(const document::Event& event) = 0;
  /// First write error since the start, if any.
  [[nodiscard]] virtual Result<void> status() const = 0;
  [[nodiscard]] virtual const std::filesystem::path& folder() const = 0;
};

/// "figures/01-volcano-erupting.png" for the figure with ordinal `ordinal` (1-based over tags), by its description.
[[nodiscard]] std::string figure_file_name(std::size_t ordinal, std::string_view description,
                                           std::string_view extension);

/// Reads a run's events back; a torn last line is dropped. Errors: kNotFound, kUnreadable naming file and line.
[[nodiscard]] Result<document::Document> read_run(const std::filesystem::path& folder);

}  // namespace llmi::store
