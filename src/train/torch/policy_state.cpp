#include "train/torch/policy_state.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string>
#include <utility>

#include "train/torch/safetensors.h"

namespace llmi::train {
namespace {

constexpr const char* kFile = "policy.safetensors";
constexpr std::array<std::pair<const char*, at::Tensor TrainedWeight::*>, 3> kParts = {
    {{"", &TrainedWeight::value}, {".mean", &TrainedWeight::mean}, {".square", &TrainedWeight::square}}};

}  // namespace

Result<void> save_state(const PolicyState& state, const std::filesystem::path& folder) {
  TensorFile file;
  file.notes["steps"] = std::to_string(state.steps);
  for (const TrainedWeightPtr& weight : state.weights)
    for (const auto& [ending, part] : kParts) file.tensors[weight->name + ending] = (*weight).*part;
  return write_safetensors(folder / kFile, file);
}

Result<std::int64_t> load_state(const std::vector<TrainedWeightPtr>& weights, const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / kFile;
  LLMI_TRY(const TensorFile file, read_safetensors(path));
  const auto note = file.notes.find("steps");
  std::int64_t steps = -1;
  if (note != file.notes.end()) std::from_chars(note->second.data(), note->second.data() + note->second.size(), steps);
  bool fits = steps >= 0 && file.tensors.size() == kParts.size() * weights.size();
  for (const TrainedWeightPtr& weight : weights)
    for (const auto& [ending, part] : kParts) {
      const auto found = file.tensors.find(weight->name + ending);
      fits = fits && found != file.tensors.end() && found->second.sizes() == weight->value.sizes();
    }
  if (!fits)
    return invalid_argument(fmt::format("{} is the state of another model or of other options", path.string()));
  for (const TrainedWeightPtr& weight : weights) {
    for (const auto& [ending, part] : kParts) ((*weight).*part).copy_(file.tensors.at(weight->name + ending));
    weight->gradient.zero_();
  }
  return steps;
}

}  // namespace llmi::train
