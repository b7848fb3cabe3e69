#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.h"

namespace llmi::store {

/// What a picture file says about itself, without decoding its pixels. Texts are valid UTF-8, at most 4 KiB each.
struct PictureFacts {
  int width = 0;  ///< Pixels, orientation applied; for SVG its nominal size.
  int height = 0;
  std::string title;
  std::string description;
  std::string creator;
  std::string licence;  ///< As written: a name or a URL.
};

/// A file's content, or its beginning and end where it is long.
struct FileEnds {
  std::string_view head;
  std::string_view tail;  ///< The last bytes; equal to `head` when that is the whole file.
  std::uint64_t size = 0;
};

/// Reads format (by content), size and embedded texts (PNG tEXt and iTXt, EXIF, XMP, SVG title and desc) of PNG, JPEG,
/// GIF, WebP, TIFF, BMP and SVG. Every length in the file is checked; never reads outside `file`. Errors: kUnreadable
/// saying what is wrong (not a picture, cut off, no size).
[[nodiscard]] Result<PictureFacts> picture_facts(const FileEnds& file);

/// The same for a file on disk, of which at most 1 MiB + 64 KiB is read. Errors also: not a regular file, larger than
/// 64 MiB.
[[nodiscard]] Result<PictureFacts> picture_facts(const std::filesystem::path& path);

}  // namespace llmi::store
