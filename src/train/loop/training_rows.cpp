#include "train/loop/training_rows.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "base/file.h"
#include "base/random.h"
#include "reward/sample_fields.h"

namespace llmi::train {
namespace {

using Json = nlohmann::json;

Result<reward::Sample> sample_of(std::string_view line, bool demonstrations) {
  const Json row = Json::parse(line, nullptr, false);
  if (!row.is_object()) return invalid_argument("is no JSON object");
  Json flat = reward::flattened(row);
  if (demonstrations) {
    if (!flat.contains("answer")) return invalid_argument("answer: a demonstration needs one");
    if (!flat.contains("image_num")) flat["image_num"] = reward::kAnyPictures;
  } else {
    flat["answer"] = "";
  }
  LLMI_TRY(reward::Sample sample, reward::read_plain_fields(flat));
  if (demonstrations && sample.split == reward::Split::kTest)
    return invalid_argument("split: is test, and must not be learnt from");
  return sample;
}

bool wanted(std::string_view line, const reward::Sample& sample, std::string_view language) {
  if (sample.split == reward::Split::kTest) return false;
  const Json row = reward::flattened(Json::parse(line));
  if (const Json& images = reward::member(row, "images"); images.is_array() && !images.empty()) return false;
  return language.empty() || sample.id.starts_with(fmt::format("{}-", language)) ||
         reward::member(row, "language") == std::string(language);
}

}  // namespace

Result<std::vector<reward::Sample>> read_training_rows(const std::filesystem::path& file, std::string_view language,
                                                       bool demonstrations) {
  LLMI_TRY(const std::string text, read_file(file));
  std::vector<reward::Sample> rows;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    ++number;
    at = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    auto sample = sample_of(line, demonstrations);
    if (!sample) return invalid_argument(fmt::format("{}: line {}: {}", file.string(), number, sample.error().message));
    if (wanted(line, *sample, language)) rows.push_back(*std::move(sample));
  }
  if (rows.empty()) return invalid_argument(fmt::format("{}: no row is left to learn from", file.string()));
  return rows;
}

std::size_t row_at(std::size_t position, std::size_t rows, std::uint64_t seed) {
  std::vector<std::size_t> order(rows);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(derived_seed(seed, position / rows));
  for (std::size_t i = rows; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order[position % rows];
}

}  // namespace llmi::train
