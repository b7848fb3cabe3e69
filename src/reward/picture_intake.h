#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/run_context.h"
#include "image/picture.h"
#include "image/signature.h"

namespace llmi::reward {

/// Takes in pictures from outside: decoded in a limited process, at most 784,000 pixels (as the published recipe shows
/// them to its judge). Remembers the last ones, so that a picture handed in again costs nothing. Thread-safe.
class PictureIntake {
 public:
  /// `room`: bytes of pictures to remember.
  explicit PictureIntake(std::size_t room = std::size_t{256} << 20) : room_(room) {}

  struct Taken {
    std::string sha256;  ///< Of the bytes as they came.
    std::shared_ptr<const image::Picture> picture;
  };
  /// Errors: those of image::decode_untrusted.
  [[nodiscard]] Result<Taken> take(const RunContext& context, std::string_view bytes);

  /// Signature of a picture whose bytes, as they came, have the hash. Errors: those of image::signature.
  [[nodiscard]] Result<image::Signature> signature(const RunContext& context, const std::string& sha256,
                                                   const image::Picture& picture);

 private:
  struct Entry {
    std::mutex mutex;  // held while the picture is worked on, so that this is done once
    std::shared_ptr<const image::Picture> picture;
    std::optional<image::Signature> signature;
    std::size_t size = 0;
  };
  [[nodiscard]] std::shared_ptr<Entry> entry(const std::string& sha256, std::size_t size);

  const std::size_t room_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Entry>, std::less<>> entries_;
  std::list<std::string> order_;  // the oldest first
  std::size_t used_ = 0;
};

}  // namespace llmi::reward
