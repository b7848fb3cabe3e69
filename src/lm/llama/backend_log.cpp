#include "lm/llama/backend_log.h"

#include <llama.h>
#include <log.h>
#include <mtmd-helper.h>
#include <mtmd.h>

#include <cstddef>
#include <mutex>
#include <string_view>

namespace llmi::lm {
namespace {

constexpr std::size_t kKeptBytes = 4096;

// llama.cpp logs through one C callback for the whole process; the thread that loads is the one that wants to know.
thread_local std::string* kept_lines = nullptr;
thread_local BackendLog* innermost = nullptr;

void keep(ggml_log_level level, const char* text, void* /*unused*/) {
  if (kept_lines == nullptr || (level != GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_ERROR)) return;
  kept_lines->append(text);
  if (kept_lines->size() > kKeptBytes) kept_lines->erase(0, kept_lines->size() - kKeptBytes);
}

void install() {
  static std::once_flag once;
  std::call_once(once, [] {
    llama_log_set(keep, nullptr);
    mtmd_log_set(keep, nullptr);
    mtmd_helper_log_set(keep, nullptr);
    common_log_set_verbosity_thold(-1);
  });
}

}  // namespace

BackendLog::BackendLog() : outer_(innermost) {
  install();
  innermost = this;
  kept_lines = &lines_;
}

BackendLog::~BackendLog() {
  innermost = outer_;
  kept_lines = outer_ != nullptr ? &outer_->lines_ : nullptr;
}

std::string BackendLog::reason() const {
  constexpr std::string_view kMark = ": ";
  const std::size_t line = lines_.find("error");
  if (line == std::string::npos) return {};
  const std::size_t mark = lines_.find(kMark, line);
  if (mark == std::string::npos) return {};
  const std::size_t begin = mark + kMark.size();
  return lines_.substr(begin, lines_.find('\n', begin) - begin);
}

}  // namespace llmi::lm
