#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/run_context.h"

namespace llmi::store {

/// A folder of pictures and what holds for all of them.
struct CorpusSpec {
  std::string name;              ///< Letters, digits, '-', '_' and '.'; unique.
  std::filesystem::path folder;  ///< Absolute.
  std::string licence;           ///< SPDX-like id for pictures that name none themselves; empty: unknown.
  std::string licence_url;
  std::string creator;    ///< Likewise.
  std::string page_url;   ///< Where the collection comes from.
  bool packaged = false;  ///< From a Debian package: its files change only together with their folders.

  bool operator==(const CorpusSpec&) const = default;
};

/// A file that was left out (or, as a warning, only partly read) and why.
struct Problem {
  std::string file;  ///< Relative to the corpus folder.
  std::string reason;
};

/// A picture and all the texts that may find it.
struct ScannedPicture {
  std::string file;  ///< Relative to the corpus folder.
  int width = 0;
  int height = 0;
  std::string title;
  bool embedded_title = false;  ///< The title is the picture file's own, not a sidecar's.
  std::string creator;
  std::string licence;
  std::string licence_url;
  std::string page_url;
  std::string attribution;
  std::string name_words;   ///< The file name without its extension and its author's name.
  std::string place_words;  ///< Folder names, also of links to the picture; titles that whole collections share.
  std::string description;  ///< Texts in an unknown language.
  std::vector<std::pair<std::size_t, std::string>> translations;  ///< {index in kLanguages or its size, text}.
};

struct Scan {
  std::vector<ScannedPicture> pictures;  ///< Sorted by file.
  std::vector<Problem> skipped;          ///< Files that look like pictures by name and are none, or too large ones.
  std::vector<Problem> warnings;         ///< Sidecar files that could not be read.
  std::vector<std::string> watched;      ///< Paths whose change makes the scan outdated, relative to the folder.
  std::string fingerprint;               ///< Of `watched`, taken before the files were read.
};

/// More pixels than a picture in a document may have.
inline constexpr std::int64_t kMaxPicturePixels = std::int64_t{5120} * 5120;

/// Reads every picture below the folder (headers and texts, no pixels). Links are followed to files inside the folder
/// only. Errors: kNotFound, kUnreadable for the folder itself; kTimeout, kCancelled.
[[nodiscard]] Result<Scan> scan_corpus(const RunContext& context, const CorpusSpec& spec);

/// Fingerprint of the named files and folders as they are now: times and sizes. One system call each.
[[nodiscard]] std::string fingerprint(const std::filesystem::path& folder, std::span<const std::string> watched);

}  // namespace llmi::store
