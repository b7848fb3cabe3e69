#include "lm/llama/processor.h"

#include <fmt/format.h>
#include <ggml-cpu.h>
#include <sched.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace llmi::lm {
namespace {

namespace fs = std::filesystem;

std::optional<long> read_number(const fs::path& path) {
  std::ifstream in(path);
  long value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

/// Cores allowed by one folder's quota, in either form of the cgroup file system.
std::optional<double> quota_in(const fs::path& folder) {
  std::ifstream in(folder / "cpu.max");
  std::string quota;
  double period = 0;
  if (in >> quota >> period && quota != "max" && period > 0) return std::stod(quota) / period;
  const auto old_quota = read_number(folder / "cpu.cfs_quota_us");
  const auto old_period = read_number(folder / "cpu.cfs_period_us");
  if (old_quota && old_period && *old_quota > 0 && *old_period > 0)
    return static_cast<double>(*old_quota) / static_cast<double>(*old_period);
  return std::nullopt;
}

/// The smallest quota on the way from our own group to the root.
std::optional<double> cgroup_quota() {
  std::ifstream groups("/proc/self/cgroup");
  std::optional<double> smallest;
  for (std::string line; std::getline(groups, line);) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers.find("cpu") == std::string::npos) continue;
    const fs::path root = controllers.empty() ? fs::path("/sys/fs/cgroup") : fs::path("/sys/fs/cgroup/cpu");
    for (fs::path group = fs::path(line.substr(second + 1)).relative_path();; group = group.parent_path()) {
      if (const auto quota = quota_in(root / group); quota && (!smallest || *quota < *smallest)) smallest = quota;
      if (group.empty()) break;
    }
  }
  return smallest;
}

std::size_t cores_in_affinity_mask() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return 1;
  std::set<std::pair<long, long>> cores;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &mask)) continue;
    const fs::path topology = fmt::format("/sys/devices/system/cpu/cpu{}/topology", cpu);
    const auto core = read_number(topology / "core_id");
    // Where the kernel tells nothing, every processor counts as a core of its own.
    cores.insert(core ? std::pair(read_number(topology / "physical_package_id").value_or(0), *core)
                      : std::pair(-1L, static_cast<long>(cpu)));
  }
  return cores.size();
}

}  // namespace

std::uint32_t usable_cores() {
  auto cores = static_cast<double>(cores_in_affinity_mask());
  if (const auto quota = cgroup_quota()) cores = std::min(cores, *quota);
  return static_cast<std::uint32_t>(std::max(1.0, cores));
}

std::vector<ProcessorFeature> processor_features() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const auto feature = [](const char* name, int compiled_in, int present) {
    return ProcessorFeature{name, compiled_in != 0, present != 0};
  };
  return {
      feature("AVX", ggml_cpu_has_avx(), __builtin_cpu_supports("avx")),
      feature("AVX2", ggml_cpu_has_avx2(), __builtin_cpu_supports("avx2")),
      feature("FMA", ggml_cpu_has_fma(), __builtin_cpu_supports("fma")),
      feature("F16C", ggml_cpu_has_f16c(), __builtin_cpu_supports("f16c")),
      feature("BMI2", ggml_cpu_has_bmi2(), __builtin_cpu_supports("bmi2")),
      feature("AVX-512", ggml_cpu_has_avx512(), __builtin_cpu_supports("avx512f")),
      feature("AVX-512 VBMI", ggml_cpu_has_avx512_vbmi(), __builtin_cpu_supports("avx512vbmi")),
      feature("AVX-512 VNNI", ggml_cpu_has_avx512_vnni(), __builtin_cpu_supports("avx512vnni")),
      feature("AVX-512 BF16", ggml_cpu_has_avx512_bf16(), __builtin_cpu_supports("avx512bf16")),
      feature("AVX-VNNI", ggml_cpu_has_avx_vnni(), __builtin_cpu_supports("avxvnni")),
      feature("AMX-INT8", ggml_cpu_has_amx_int8(), __builtin_cpu_supports("amx-int8")),
  };
#else
  return {};
#endif
}

Result<void> check_processor(const std::vector<ProcessorFeature>& features) {
  std::string missing;
  for (const ProcessorFeature& feature : features)
    if (feature.compiled_in && !feature.present)
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", feature.name);
  if (missing.empty()) return {};
  return fail(ErrorCode::kUnavailable, Origin::kInternal,
              fmt::format("the language model engine was built for another processor (this one lacks {}); "
                          "run scripts/setup on this machine to build it again",
                          missing));
}

}  // namespace llmi::lm
