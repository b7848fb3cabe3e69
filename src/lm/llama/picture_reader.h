#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "image/picture.h"
#include "lm/llama/loaded_model.h"
#include "lm/llama/prompt.h"

struct mtmd_context;
struct mtmd_input_chunk;

namespace llmi::lm {

/// A picture, or a part of one, as the language model takes it: its embeddings. Immutable; outlived by its reader.
class EncodedPicture {
 public:
  EncodedPicture(mtmd_context* reader, const mtmd_input_chunk* chunk, std::vector<float> embeddings, Token mark);
  EncodedPicture(const EncodedPicture&) = delete;
  EncodedPicture& operator=(const EncodedPicture&) = delete;
  ~EncodedPicture();

  [[nodiscard]] Token mark() const { return mark_; }
  [[nodiscard]] std::size_t cells() const;
  [[nodiscard]] std::size_t positions() const;

  /// Adds it to a sequence of the context's memory. Returns what llama_decode returns. On the context's thread.
  [[nodiscard]] std::int32_t decode(llama_context* context, std::size_t position, int sequence) const;

 private:
  mtmd_context* reader_;
  mtmd_input_chunk* chunk_;
  std::vector<float> embeddings_;  // cells x width of the model's input
  Token mark_;
};

/// The picture encoder of a model that sees: an mmproj file, run by llama.cpp's mtmd. Thread-safe; encodes one picture
/// at a time and remembers the last ones.
class PictureReader {
 public:
  /// Errors: kNotFound, kUnreadable (no mmproj, or that of another model).
  [[nodiscard]] static Result<std::unique_ptr<PictureReader>> load(const std::filesystem::path& path,
                                                                   const LoadedModel& model);
  PictureReader(const PictureReader&) = delete;
  PictureReader& operator=(const PictureReader&) = delete;
  ~PictureReader();

  /// Stands in a text where a picture goes.
  [[nodiscard]] static std::string_view marker();

  /// The prompt of a text with one marker a picture. Control tokens of the text are read as such.
  /// Errors: kInvalidArgument (another number of markers, a picture at the end), kUnreadable (a picture).
  [[nodiscard]] Result<Prompt> read(std::string_view text,
                                    const std::vector<std::shared_ptr<const image::Picture>>& pictures);

 private:
  using Key = std::pair<std::string, std::size_t>;  // the picture's hash and which part of it
  struct Known {
    Key key;
    std::shared_ptr<const EncodedPicture> picture;
  };
  explicit PictureReader(mtmd_context* context, std::size_t width) : context_(context), width_(width) {}
  [[nodiscard]] Result<std::shared_ptr<const EncodedPicture>> encode(const mtmd_input_chunk* chunk, const Key& key);

  mtmd_context* context_;
  std::size_t width_;
  std::mutex mutex_;
  std::list<Known> known_;  // the latest first
  std::map<Key, Token> marks_;
};

}  // namespace llmi::lm
