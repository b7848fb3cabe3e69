#include "reward/sample.h"

#include <fmt/format.h>

#include "base/sha256.h"

namespace llmi::reward {
namespace {

/// Length first, so that no two lists of parts run together to the same text.
void add(std::string& text, std::string_view part) { text.append(fmt::format("{}:", part.size())).append(part); }

}  // namespace

std::string content_hash(const Sample& sample) {
  std::string text =
      fmt::format("{} {} {} {} ", sample.image_num, static_cast<int>(sample.split), static_cast<int>(sample.modality),
                  sample.needs_pictures ? (*sample.needs_pictures ? "yes" : "no") : "unknown");
  add(text, sample.prompt);
  add(text, sample.answer);
  for (const tag::Source source : sample.tools) add(text, tag::name(source));
  text += sample.pictures ? " made" : " open";
  for (const auto& input : sample.inputs) add(text, sha256_hex(input->bytes));
  if (!sample.pictures) return "sha256:" + sha256_hex(text);
  for (const SamplePicture& picture : *sample.pictures) {
    add(text, fmt::format("{}", picture.index));
    add(text, picture.picture ? picture.sha256 : "failed");
  }
  return "sha256:" + sha256_hex(text);
}

}  // namespace llmi::reward
