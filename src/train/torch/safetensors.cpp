#include "train/torch/safetensors.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace llmi::train {
namespace {

using nlohmann::json;
constexpr std::size_t kLargestFile = std::size_t{64} << 30U;
constexpr std::size_t kLengthBytes = 8;

std::unexpected<Error> unreadable(const std::filesystem::path& path, std::string_view what) {
  return fail(ErrorCode::kUnreadable, Origin::kCaller, fmt::format("{}: {}", path.string(), what));
}

std::optional<at::ScalarType> type_of(const std::string& name) {
  if (name == "F32") return at::kFloat;
  if (name == "F16") return at::kHalf;
  if (name == "BF16") return at::kBFloat16;
  return std::nullopt;
}

/// A tensor of one header entry; nothing where the entry does not fit the data.
std::optional<at::Tensor> read_entry(const json& entry, std::string_view data) {
  const auto type = type_of(entry.at("dtype").get<std::string>());
  const auto sizes = entry.at("shape").get<std::vector<std::int64_t>>();
  const auto range = entry.at("data_offsets").get<std::vector<std::size_t>>();
  if (!type || range.size() != 2 || range[0] > range[1] || range[1] > data.size()) return std::nullopt;
  std::size_t bytes = c10::elementSize(*type);
  for (const std::int64_t size : sizes) {
    if (size < 0 || (size > 0 && bytes > kLargestFile / static_cast<std::size_t>(size))) return std::nullopt;
    bytes *= static_cast<std::size_t>(size);
  }
  if (bytes != range[1] - range[0]) return std::nullopt;
  at::Tensor tensor = at::empty(sizes, *type);
  std::memcpy(tensor.data_ptr(), data.data() + range[0], bytes);
  return tensor.to(at::kFloat);
}

}  // namespace

Result<TensorFile> read_safetensors(const std::filesystem::path& path) {
  LLMI_TRY(const std::string bytes, read_file(path, kLargestFile));
  std::uint64_t length = 0;
  if (bytes.size() < kLengthBytes) return unreadable(path, "not a safetensors file");
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > bytes.size() - kLengthBytes) return unreadable(path, "not a safetensors file, or an incomplete one");
  const std::string_view rest = std::string_view(bytes).substr(kLengthBytes);
  const std::string_view data = rest.substr(length);
  TensorFile file;
  try {
    const json header = json::parse(rest.substr(0, length));
    for (const auto& [name, entry] : header.items()) {
      if (name == "__metadata__") {
        file.notes = entry.get<std::map<std::string, std::string>>();
        continue;
      }
      auto tensor = read_entry(entry, data);
      if (!tensor)
        return unreadable(path, fmt::format("the tensor {} is damaged or of a type that is not known", name));
      file.tensors.emplace(name, *std::move(tensor));
    }
  } catch (const json::exception&) {
    return unreadable(path, "the header of the safetensors file is damaged");
  }
  return file;
}

Result<void> write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  json header = json::object();
  if (!file.notes.empty()) header["__metadata__"] = file.notes;
  std::size_t offset = 0;
  for (const auto& [name, tensor] : file.tensors) {
    const std::size_t end = offset + static_cast<std::size_t>(tensor.numel()) * sizeof(float);
    header[name] = {{"dtype", "F32"}, {"shape", tensor.sizes().vec()}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  const std::uint64_t length = text.size();
  std::string bytes(kLengthBytes, '\0');
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + text.size() + offset);
  bytes += text;
  for (const auto& [name, tensor] : file.tensors) {
    const at::Tensor values = tensor.to(at::kFloat).contiguous();
    bytes.append(static_cast<const char*>(values.data_ptr()), static_cast<std::size_t>(values.numel()) * sizeof(float));
  }
  return write_file(path, bytes);
}

}  // namespace llmi::train
