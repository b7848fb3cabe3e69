#include "lm/llama/picture_reader.h"

#include <fmt/format.h>
#include <llama.h>
#include <mtmd-helper.h>
#include <mtmd.h>

#include <algorithm>

#include "base/sha256.h"
#include "lm/llama/backend_log.h"
#include "lm/llama/gguf_file.h"

namespace llmi::lm {
namespace {

// 784,000 pixels for encoders with 28 x 28 pixels a token: enough to read a chart, and seconds on a small machine.
constexpr int kMostTokens = 1000;
constexpr std::size_t kRemembered = 16;

Result<mtmd::bitmap_ptr> bitmap_of(const mtmd_context* context, const image::Picture& picture) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(picture.bytes.data());
  mtmd::bitmap_ptr bitmap;
  if (picture.format != image::Format::kSvg)
    bitmap.reset(
        mtmd_helper_bitmap_init_from_buf(context, bytes, picture.bytes.size(), false, mtmd_helper_init_opt_default())
            .bitmap);
  if (!bitmap)
    return fail(ErrorCode::kUnreadable, Origin::kModel, "the model's picture encoder cannot read this kind of picture");
  mtmd_bitmap_set_id(bitmap.get(), sha256_hex(picture.bytes).c_str());
  return bitmap;
}

}  // namespace

EncodedPicture::EncodedPicture(mtmd_context* reader, const mtmd_input_chunk* chunk, std::vector<float> embeddings,
                               Token mark)
    : reader_(reader), chunk_(mtmd_input_chunk_copy(chunk)), embeddings_(std::move(embeddings)), mark_(mark) {}

EncodedPicture::~EncodedPicture() { mtmd_input_chunk_free(chunk_); }

std::size_t EncodedPicture::cells() const { return mtmd_input_chunk_get_n_tokens(chunk_); }
std::size_t EncodedPicture::positions() const { return static_cast<std::size_t>(mtmd_input_chunk_get_n_pos(chunk_)); }

std::int32_t EncodedPicture::decode(llama_context* context, std::size_t position, int sequence) const {
  llama_pos next = 0;
  // The library takes the embeddings as if it changed them; it only reads them.
  return mtmd_helper_decode_image_chunk(reader_, context, chunk_, const_cast<float*>(embeddings_.data()),
                                        static_cast<llama_pos>(position), sequence,
                                        static_cast<std::int32_t>(llama_n_batch(context)), &next, nullptr, nullptr);
}

Result<std::unique_ptr<PictureReader>> PictureReader::load(const std::filesystem::path& path,
                                                           const LoadedModel& model) {
  LLMI_CHECK_OK(check_gguf(path, "picture encoder"));
  const BackendLog log;
  mtmd_context_params params = mtmd_context_params_default();
  params.print_timings = false;
  params.warmup = false;
  params.n_threads = llama_n_threads(model.context());
  params.image_max_tokens = kMostTokens;
  mtmd_context* context = mtmd_init_from_file(path.c_str(), model.model(), params);
  if (context == nullptr) {
    auto error = gguf_error(path, "picture encoder", log);
    error.error().message += "; it must be the mmproj file that was made with the model";
    return error;
  }
  std::unique_ptr<PictureReader> reader(
      new PictureReader(context, static_cast<std::size_t>(llama_model_n_embd_inp(model.model()))));
  if (!mtmd_support_vision(context))
    return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{} encodes no pictures", path.string()));
  return reader;
}

PictureReader::~PictureReader() {
  known_.clear();
  mtmd_free(context_);
}

std::string_view PictureReader::marker() { return mtmd_default_marker(); }

Result<Prompt> PictureReader::read(std::string_view text,
                                   const std::vector<std::shared_ptr<const image::Picture>>& pictures) {
  const BackendLog log;
  std::vector<mtmd::bitmap_ptr> bitmaps;
  std::vector<const mtmd_bitmap*> shown;
  for (const auto& picture : pictures) {
    LLMI_TRY(mtmd::bitmap_ptr bitmap, bitmap_of(context_, *picture));
    shown.push_back(bitmap.get());
    bitmaps.push_back(std::move(bitmap));
  }
  const mtmd_input_text input{.text = text.data(), .text_len = text.size(), .add_special = true, .parse_special = true};
  const mtmd::input_chunks_ptr chunks(mtmd_input_chunks_init());
  const std::scoped_lock lock(mutex_);
  if (mtmd_tokenize(context_, chunks.get(), &input, shown.data(), shown.size()) != 0)
    return invalid_argument(fmt::format("the model's picture encoder takes no such prompt ({})", log.lines()));
  Prompt prompt;
  std::map<std::string, std::size_t> parts;
  for (std::size_t i = 0; i < mtmd_input_chunks_size(chunks.get()); ++i) {
    const mtmd_input_chunk* chunk = mtmd_input_chunks_get(chunks.get(), i);
    if (mtmd_input_chunk_get_type(chunk) == MTMD_INPUT_CHUNK_TYPE_TEXT) {
      std::size_t count = 0;
      const llama_token* tokens = mtmd_input_chunk_get_tokens_text(chunk, &count);
      prompt.tokens.insert(prompt.tokens.end(), tokens, tokens + count);
      continue;
    }
    const std::string id = mtmd_input_chunk_get_id(chunk);
    LLMI_TRY(const auto picture, encode(chunk, {id, parts[id]++}));
    prompt.pictures.push_back({prompt.tokens.size(), picture->cells(), picture->positions(), picture});
    prompt.tokens.insert(prompt.tokens.end(), picture->cells(), picture->mark());
  }
  if (!prompt.tokens.empty() && prompt.tokens.back() < 0)
    return invalid_argument("the model's chat template ends with a picture; text must follow it");
  return prompt;
}

/// Under the mutex.
Result<std::shared_ptr<const EncodedPicture>> PictureReader::encode(const mtmd_input_chunk* chunk, const Key& key) {
  if (const auto found = std::ranges::find(known_, key, &Known::key); found != known_.end()) {
    known_.splice(known_.begin(), known_, found);
    return known_.front().picture;
  }
  if (mtmd_encode_chunk(context_, chunk) != 0)
    return fail(ErrorCode::kUnreadable, Origin::kModel, "the model's picture encoder failed on a picture");
  const float* embeddings = mtmd_get_output_embd(context_);
  const std::size_t size = mtmd_input_chunk_get_n_tokens(chunk) * width_;
  const auto [mark, fresh] = marks_.try_emplace(key, -1 - static_cast<Token>(marks_.size()));
  auto picture = std::make_shared<const EncodedPicture>(
      context_, chunk, std::vector<float>(embeddings, embeddings + size), mark->second);
  known_.push_front({key, picture});
  if (known_.size() > kRemembered) known_.pop_back();
  return picture;
}

}  // namespace llmi::lm
