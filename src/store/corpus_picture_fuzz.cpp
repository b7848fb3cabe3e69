#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/utf8.h"
#include "store/corpus_picture.h"
#include "store/corpus_sidecar.h"

// Picture headers and sidecar files from anywhere: no crash, no read outside, valid texts.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto facts = llmi::store::picture_facts({.head = bytes, .tail = bytes, .size = size});
  if (facts && (facts->width <= 0 || !llmi::is_valid_utf8(facts->title + facts->description + facts->creator)))
    std::abort();
  llmi::store::Sidecar sidecar;
  llmi::store::add_text_sidecar(sidecar, bytes);
  (void)llmi::store::add_json_sidecar(sidecar, bytes);
  if (!llmi::is_valid_utf8(sidecar.title + sidecar.description)) std::abort();
  return 0;
}
