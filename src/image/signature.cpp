#include "image/signature.h"

#include <algorithm>

#include "image/worker.h"

namespace llmi::image {

Result<Signature> signature(const RunContext& context, const Picture& picture) {
  LLMI_TRY(const Picture values,
           ask_worker(context, {.task = WorkerRequest::Task::kSignature, .bytes = picture.bytes}));
  Signature result;
  if (values.bytes.size() != result.size()) return internal_error("the picture process gave no whole signature");
  std::ranges::transform(values.bytes, result.begin(), [](char value) { return static_cast<std::uint8_t>(value); });
  return result;
}

bool near_identical(const Signature& a, const Signature& b) {
  constexpr long kLargestDifference = 3;
  long sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const long difference = long{a[i]} - long{b[i]};
    sum += difference * difference;
  }
  return sum < kLargestDifference * kLargestDifference * static_cast<long>(a.size());
}

}  // namespace llmi::image
