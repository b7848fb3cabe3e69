#pragma once

#include <cstdint>

#include "base/error.h"

namespace llmi::picture {

/// Which files the process may still open once it is confined: none for raster pictures, fonts where text is drawn.
enum class Files : std::uint8_t { kNone, kFonts };

/// Limits on time, memory, files and core dumps. Call first.
void set_limits();

/// Gives up, for good: privileges, other programs, sockets, new executable memory, and files but those allowed. Call
/// before the first hostile byte is interpreted. Errors: kUnavailable when the kernel refuses; nothing may be decoded
/// then.
[[nodiscard]] Result<void> confine(Files files);

}  // namespace llmi::picture
