#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "data/tool_set.h"
#include "image/picture.h"
#include "tag/tag.h"

namespace llmi::reward {

enum class Split : std::uint8_t { kTrain, kTest };
/// Whether the prompt comes with pictures: decides the weights of text and tags.
enum class Modality : std::uint8_t { kText, kMultimodal };

using data::kAnyPictures;
using data::kNoPictures;
using data::kSomePictures;

/// More pictures than this are not looked at: the published recipe gives them the worst marks.
inline constexpr std::size_t kMostJudgedPictures = 10;

/// What became of one tag.
struct SamplePicture {
  std::size_t index = 0;                          ///< Counts like img_index, input pictures first.
  std::shared_ptr<const image::Picture> picture;  ///< Null: it failed.
  std::string sha256;                             ///< Of the picture as it was handed in.
  Fault fault;                                    ///< Where it failed.
};

/// An answer to be scored, with all that the score depends on.
struct Sample {
  std::string id;
  std::string prompt;
  std::string answer;
  int image_num = kAnyPictures;
  std::vector<tag::Source> tools;  ///< Required ones, each once.
  Split split = Split::kTrain;
  Modality modality = Modality::kText;
  std::vector<std::shared_ptr<const image::Picture>> inputs;
  std::optional<bool> needs_pictures;  ///< The prompt profits from pictures; nothing: unknown.
  /// One entry a tag that came to something; a tag without an entry failed. Nothing: the tags are yet to be run.
  std::optional<std::vector<SamplePicture>> pictures;
};

/// "sha256:…" over everything in the sample that the score depends on (not the id). Equal samples have equal hashes.
[[nodiscard]] std::string content_hash(const Sample& sample);

}  // namespace llmi::reward
