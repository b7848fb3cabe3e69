#include "reward/sample_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/base64.h"
#include "base/file.h"
#include "base/sha256.h"
#include "reward/sample_fields.h"
#include "store/run_record.h"
#include "tag/parser.h"

namespace llmi::reward {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::string_view kData = "data:";
constexpr std::string_view kBase64 = ";base64,";
constexpr std::size_t kLargestFile = std::size_t{64} << 20;

/// Reads one sample's pictures and files.
class Reading {
 public:
  Reading(const RunContext& context, PictureIntake& intake, const FileAccess& access)
      : context_(context), intake_(intake), access_(access) {}

  Result<void> inputs(const Json& images, Sample& sample) {
    if (images.is_null()) return {};
    if (!images.is_array()) return bad_field("images", "must be a list");
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::string field = fmt::format("images[{}]", i);
      LLMI_TRY(const std::string bytes, input_bytes(images[i], field));
      auto taken = intake_.take(context_, bytes);
      if (!taken && taken.error().code == ErrorCode::kUnreadable) return bad_field(field, taken.error().message);
      if (!taken) return std::unexpected(std::move(taken).error());
      sample.inputs.push_back(taken->picture);
    }
    return {};
  }

  Result<void> pictures(const Json& list, Sample& sample) {
    if (list.is_null()) return {};
    if (!list.is_array()) return bad_field("pictures", "must be a list");
    auto& pictures = sample.pictures.emplace();
    std::set<std::size_t> seen;
    for (std::size_t i = 0; i < list.size(); ++i) {
      LLMI_TRY(SamplePicture picture, made_picture(list[i], fmt::format("pictures[{}]", i)));
      if (!seen.insert(picture.index).second)
        return bad_field(fmt::format("pictures[{}].index", i), fmt::format("{} occurs twice", picture.index));
      pictures.push_back(std::move(picture));
    }
    return check_indices(sample);
  }

  Result<void> run(const Json& value, Sample& sample) {
    if (value.is_null()) return {};
    if (!value.is_string()) return bad_field("run", "must be the path of a run folder");
    LLMI_TRY(const fs::path folder, path_of(value.get<std::string>(), "run"));
    auto record = store::read_record(folder);
    if (!record) return bad_field("run", record.error().message);
    const document::Document document = record->document();
    if (sample.prompt.empty()) sample.prompt = document.prompt.value_or("");
    sample.answer = document.answer;
    for (const document::InputPicture& input : document.inputs) {
      const auto picture = store::read_picture(folder, input);
      if (!picture) return bad_field("run", picture.error().message);
      sample.inputs.push_back(std::make_shared<const image::Picture>(*picture));
    }
    return run_pictures(folder, document, sample);
  }

 private:
  Result<fs::path> path_of(const std::string& text, std::string_view field) const {
    fs::path path = fs::weakly_canonical(access_.base / text);
    const bool inside = std::ranges::any_of(access_.folders, [&](const fs::path& folder) {
      const fs::path root = fs::weakly_canonical(folder);
      return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
    });
    if (!access_.anywhere && !inside)
      return bad_field(field, "files are not read here: send the picture as a data URI");
    return path;
  }

  Result<std::string> file_bytes(const std::string& text, std::string_view field) const {
    LLMI_TRY(const fs::path path, path_of(text, field));
    auto bytes = read_file(path, kLargestFile);
    if (!bytes) return bad_field(field, bytes.error().message);
    return bytes;
  }

  static Result<std::string> uri_bytes(std::string_view uri, std::string_view field) {
    const std::size_t comma = uri.find(kBase64);
    if (!uri.starts_with(kData) || comma == std::string_view::npos)
      return bad_field(field, "must be a data URI: data:image/png;base64,…");
    auto bytes = base64_decoded(uri.substr(comma + kBase64.size()));
    if (!bytes) return bad_field(field, "is no valid base64");
    return *std::move(bytes);
  }

  Result<std::string> input_bytes(const Json& image, const std::string& field) const {
    if (image.is_object()) {
      for (const char* key : {"path", "image", "file"}) {
        if (member(image, key).is_string()) return input_bytes(image[key], field);
      }
    }
    if (!image.is_string()) return bad_field(field, "must be a data URI or a path");
    const auto text = image.get<std::string>();
    return text.starts_with(kData) ? uri_bytes(text, field) : file_bytes(text, field);
  }

  Result<SamplePicture> made_picture(const Json& entry, const std::string& field) {
    if (!entry.is_object()) return bad_field(field, "must be an object");
    const Json& index = member(entry, "index");
    if (!index.is_number_integer() || index.get<std::int64_t>() < 0)
      return bad_field(field + ".index", "must be a number from 0 on");
    SamplePicture picture{.index = index.get<std::size_t>()};
    const Json& status = member(entry, "status");
    if (status == "failed") {
      const Json& fault = member(entry, "fault");
      const Json& message = member(fault, "message");
      picture.fault.message = message.is_string() ? message.get<std::string>() : "it failed";
      return picture;
    }
    if (status != "ready") return bad_field(field + ".status", "must be ready or failed");
    LLMI_TRY(const std::string bytes, ready_bytes(entry, field));
    LLMI_CHECK_OK(fill(picture, bytes));
    return picture;
  }

  Result<std::string> ready_bytes(const Json& entry, const std::string& field) const {
    if (const Json& uri = member(entry, "data_uri"); uri.is_string())
      return uri_bytes(uri.get_ref<const std::string&>(), field + ".data_uri");
    if (const Json& file = member(entry, "file"); file.is_string())
      return file_bytes(file.get<std::string>(), field + ".file");
    return bad_field(field, "a ready picture needs data_uri or file");
  }

  /// Takes the picture in; what is no picture has failed.
  Result<void> fill(SamplePicture& picture, std::string_view bytes) {
    auto taken = intake_.take(context_, bytes);
    if (taken) {
      picture.sha256 = std::move(taken->sha256);
      picture.picture = std::move(taken->picture);
      return {};
    }
    if (taken.error().code != ErrorCode::kUnreadable) return std::unexpected(std::move(taken).error());
    picture.fault = {Stage::kDecode, taken.error().message};
    return {};
  }

  static Result<void> check_indices(const Sample& sample) {
    std::set<std::size_t> tags;
    for (const tag::Item& item : tag::parse(sample.answer, sample.inputs.size())) {
      if (const auto* found = std::get_if<tag::TagItem>(&item)) tags.insert(found->index);
      if (const auto* found = std::get_if<tag::FaultItem>(&item)) tags.insert(found->index);
    }
    for (std::size_t i = 0; i < sample.pictures->size(); ++i) {
      const std::size_t index = (*sample.pictures)[i].index;
      if (!tags.contains(index))
        return bad_field(
            fmt::format("pictures[{}].index", i),
            fmt::format("{} is no tag of the answer (indices count the {} input pictures first, then the {} "
                        "tags)",
                        index, sample.inputs.size(), tags.size()));
    }
    return {};
  }

  Result<void> run_pictures(const fs::path& folder, const document::Document& document, Sample& sample) {
    auto& pictures = sample.pictures.emplace();
    for (const document::Block& block : document.blocks) {
      const auto* figure = std::get_if<document::FigureBlock>(&block);
      if (figure == nullptr) continue;
      SamplePicture& picture = pictures.emplace_back(SamplePicture{.index = figure->index});
      if (const Fault* fault = figure->fault()) picture.fault = *fault;
      if (figure->ready() == nullptr) continue;
      const auto kept = store::read_picture(folder, *figure->ready());
      if (!kept) return bad_field("run", kept.error().message);
      LLMI_CHECK_OK(fill(picture, kept->bytes));
    }
    return {};
  }

  const RunContext& context_;
  PictureIntake& intake_;
  const FileAccess& access_;
};

}  // namespace

Result<Sample> SampleReader::read(const RunContext& context, const Json& row) const {
  if (!row.is_object()) return invalid_argument("a sample must be a JSON object");
  // Most rows are flat as they come, and their pictures large.
  const Json unfolded = member(row, "extra_info").is_null() ? Json() : flattened(row);
  const Json& flat = unfolded.is_null() ? row : unfolded;
  LLMI_TRY(Sample sample, read_plain_fields(flat));
  Reading reading(context, intake_, access_);
  const bool has_run = !member(flat, "run").is_null() && member(flat, "answer").is_null();
  if (has_run) {
    LLMI_CHECK_OK(reading.run(member(flat, "run"), sample));
    return sample;
  }
  LLMI_CHECK_OK(reading.inputs(member(flat, "images"), sample));
  LLMI_CHECK_OK(reading.pictures(member(flat, "pictures"), sample));
  return sample;
}

}  // namespace llmi::reward
