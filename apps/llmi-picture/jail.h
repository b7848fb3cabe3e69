#pragma once

namespace llmi::picture {

/// Takes from this process what decoding does not need: bounds processor time, memory and file sizes, and forbids new
/// files, sockets, programs and processes. Call after the libraries are loaded, before the first hostile byte. False when
/// the kernel refuses.
[[nodiscard]] bool enter_jail();

}  // namespace llmi::picture
