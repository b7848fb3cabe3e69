#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "image/header.h"
#include "image/worker_protocol.h"

// Pictures from anywhere, and what a decoder that was taken over might answer: no crash, no read outside, limits kept.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace llmi::image;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = read_header(bytes);
  if (header && header->kind != Kind::kSvg && (header->width == 0 || header->height == 0)) std::abort();
  const DecodeLimits limits{.max_bytes = 4096, .max_pixels = 1'000'000};
  const auto checked = check_header(bytes, limits);
  if (checked && (size > limits.max_bytes || checked->width * checked->height > limits.max_pixels)) std::abort();
  (void)decode_request(bytes);
  const auto reply = decode_reply(bytes);
  if (reply && (reply->width <= 0 || reply->height <= 0 || reply->bytes.empty())) std::abort();
  return 0;
}
