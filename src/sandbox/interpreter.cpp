#include "sandbox/interpreter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>

#include "base/file.h"
#include "base/sha256.h"
#include "sandbox/runner_source.h"
#include "sandbox/system_call_filter.h"

namespace llmi::sandbox {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::size_t kLargestHead = std::size_t{64} << 20;
constexpr std::size_t kLargestPicture = std::size_t{64} << 20;
constexpr std::chrono::seconds kWarmUpLimit{60};
// What the supervisor may need beyond the code's own time to clean up and answer.
constexpr std::chrono::seconds kGrace{5};
constexpr const char* kScratchBytes = "268435456";
constexpr const char* kStartRunner =
    "import sys; sys.path.append('/usr/lib/python3/dist-packages'); exec(compile(open('/runner.py').read(), "
    "'runner.py', "
    "'exec'))";
constexpr const char* kRemedy =
    "install bubblewrap and allow user namespaces (sysctl kernel.unprivileged_userns_clone=1)";

/// What the first line of an answer says of the bytes that follow.
struct AnswerSizes {
  std::size_t head = 0;
  std::size_t picture = 0;
};

/// Of "HEAD PICTURE\n"; nothing where the line says otherwise, or more than is taken.
std::optional<AnswerSizes> read_sizes(std::string_view line) {
  AnswerSizes sizes;
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const auto [space, head_error] = std::from_chars(begin, end, sizes.head);
  if (head_error != std::errc() || space == end || *space != ' ') return std::nullopt;
  const auto [rest, picture_error] = std::from_chars(space + 1, end, sizes.picture);
  if (picture_error != std::errc() || rest == end || *rest != '\n') return std::nullopt;
  if (sizes.head > kLargestHead || sizes.picture > kLargestPicture) return std::nullopt;
  return sizes;
}

std::unexpected<Error> unavailable(const std::string& why) {
  return fail(ErrorCode::kUnavailable, Origin::kTool,
              fmt::format("the sandbox does not work here: {}; {}", why, kRemedy));
}

/// An open descriptor that holds `bytes`; closed with the object.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : fd_(::memfd_create("data", MFD_CLOEXEC)) {
    if (::write(fd_, bytes.data(), bytes.size()) >= 0) ::lseek(fd_, 0, SEEK_SET);
  }
  explicit MemoryFile(int fd) : fd_(fd) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

fs::path font_cache_folder(const Settings& settings) {
  return settings.cache_folder.empty() ? fs::path() : settings.cache_folder / "fonts";
}

/// A list of fonts from an earlier start: {file name, content}; empty when there is none, or it is older than the
/// fonts.
std::pair<std::string, std::string> known_fonts(const Settings& settings) {
  std::error_code error;
  const fs::path folder = font_cache_folder(settings);
  if (folder.empty() || !fs::is_directory(folder, error)) return {};
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    std::error_code no_time;
    if (fs::last_write_time(entry.path(), no_time) < fs::last_write_time("/usr/share/fonts", no_time)) continue;
    if (auto content = read_file(entry.path())) return {entry.path().filename().string(), *content};
  }
  return {};
}

/// As root the sandbox is entered as another user: to the kernel, uid 0 stays root even in a namespace of its own.
std::vector<std::string> user_switch() {
  if (::geteuid() != 0) return {};
  return {"/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps=-all", "--"};
}

std::vector<std::string> bubblewrap_arguments(const Settings& settings, const std::string& font_file) {
  std::vector<std::string> argv = user_switch();
  const auto add = [&](std::initializer_list<const char*> words) {
    argv.insert(argv.end(), words.begin(), words.end());
  };
  argv.push_back(settings.bubblewrap.string());
  add({"--unshare-all", "--unshare-user",    "--uid",      "1000",       "--gid",      "1000",    "--cap-drop", "ALL",
       "--new-session", "--die-with-parent", "--as-pid-1", "--clearenv", "--hostname", "sandbox", "--setenv",   "PATH",
       "/usr/bin",      "--setenv",          "LANG",       "C.UTF-8"});
  add({"--ro-bind", "/usr", "/usr", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink",
       "usr/bin", "/bin"});
  add({"--ro-bind", "/etc/matplotlibrc", "/etc/matplotlibrc", "--ro-bind", "/etc/fonts", "/etc/fonts", "--ro-bind-try",
       "/etc/alternatives", "/etc/alternatives", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"});
  add({"--tmpfs", "/usr/local", "--tmpfs", "/usr/src", "--proc", "/proc", "--tmpfs", "/proc/sys", "--dev", "/dev"});
  add({"--size", kScratchBytes, "--tmpfs", "/tmp", "--size", "67108864", "--tmpfs", "/dev/shm"});
  add({"--ro-bind-data", "3", "/runner.py", "--seccomp", "4"});
  if (!font_file.empty()) {
    argv.insert(argv.end(), {"--ro-bind-data", "5", "/mpl/" + font_file});
  }
  for (const char* folder : {"/", "/dev", "/usr/local", "/usr/src", "/proc/sys"})
    argv.insert(argv.end(), {"--remount-ro", folder});
  argv.insert(argv.end(), {"--chdir", "/tmp", settings.python.string(), "-I", "-S", "-c", kStartRunner});
  return argv;
}

std::vector<std::string> texts(const Json& json, const char* key) {
  std::vector<std::string> result;
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) return result;
  for (const Json& item : json[key]) {
    if (item.is_string()) result.push_back(item.get<std::string>());
  }
  return result;
}

CodeResult read_result(const std::string& head, std::string picture) {
  CodeResult result;
  const Json json = Json::parse(head, nullptr, false);
  if (!json.is_object()) {
    result.fault = Fault{Stage::kTool, "the sandbox gave an answer that cannot be read"};
    result.reusable = false;
    return result;
  }
  result.out = json.value("stdout", std::string());
  result.err = json.value("stderr", std::string());
  if (json.contains("figures") && json["figures"].is_number_unsigned())
    result.figures = json["figures"].get<std::size_t>();
  const Json drawn = json.value("drawn", Json::object());
  result.titles = texts(drawn, "titles");
  result.axis_labels = texts(drawn, "axis_labels");
  result.series = texts(drawn, "series");
  if (drawn.is_object() && drawn.contains("values") && drawn["values"].is_array()) {
    for (const Json& value : drawn["values"]) {
      if (value.is_number() && result.values.size() < 1000) result.values.push_back(value.get<double>());
    }
  }
  if (json.contains("stage") && json["stage"].is_string())
    result.fault = Fault{stage_from_name(json["stage"].get<std::string>()).value_or(Stage::kTool),
                         json.value("message", std::string("failed"))};
  result.picture = std::move(picture);
  return result;
}

}  // namespace

Result<std::unique_ptr<Interpreter>> Interpreter::start(const Settings& settings) {
  for (const fs::path& file : {settings.bubblewrap, fs::path("/etc/matplotlibrc")}) {
    if (::access(file.c_str(), R_OK) != 0) return unavailable(fmt::format("{} is missing", file.string()));
  }
  LLMI_TRY(const int filter, system_call_filter());
  const MemoryFile filter_file(filter);
  const MemoryFile runner(kRunnerSource);
  const auto [font_file, font_list] = known_fonts(settings);
  const MemoryFile fonts(font_list);
  ChildSpec spec{.argv = bubblewrap_arguments(settings, font_file),
                 .directory = "/",
                 .inherit = {{runner.fd(), 3}, {filter_file.fd(), 4}}};
  if (!font_file.empty()) spec.inherit.emplace_back(fonts.fd(), 5);
  auto child = ChildProcess::start(spec);
  if (!child) return unavailable(child.error().message);
  for (const int fd : {child->stdin_fd(), child->stdout_fd(), child->stderr_fd()}) ::fcntl(fd, F_SETFL, O_NONBLOCK);
  return std::unique_ptr<Interpreter>(new Interpreter(*std::move(child), settings));
}

Result<void> Interpreter::send(const RunContext& context, const std::string& bytes) {
  std::string_view left = bytes;
  while (!left.empty()) {
    LLMI_CHECK_OK(context.check());
    const ssize_t n = ::write(child_.stdin_fd(), left.data(), left.size());
    if (n > 0) left.remove_prefix(static_cast<std::size_t>(n));
    if (n < 0 && errno != EAGAIN && errno != EINTR) return unavailable("the interpreter has ended");
    pollfd fd{child_.stdin_fd(), POLLOUT, 0};
    if (!left.empty()) ::poll(&fd, 1, 20);
  }
  return {};
}

Result<Interpreter::Answer> Interpreter::receive(const RunContext& context) {
  std::string data;
  AnswerSizes sizes;
  std::size_t begin = 0;
  std::array<char, 65536> buffer;
  while (begin == 0 || data.size() < begin + sizes.head + sizes.picture) {
    LLMI_CHECK_OK(context.check());
    pollfd fd{child_.stdout_fd(), POLLIN, 0};
    if (::poll(&fd, 1, 10) <= 0) continue;
    const ssize_t n = ::read(child_.stdout_fd(), buffer.data(), buffer.size());
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) {
      std::string why(buffer.data(),
                      static_cast<std::size_t>(std::max<ssize_t>(0, ::read(child_.stderr_fd(), buffer.data(), 2000))));
      return unavailable(why.empty() ? "the interpreter has ended" : why.substr(0, why.find('\n')));
    }
    data.append(buffer.data(), static_cast<std::size_t>(n));
    if (begin == 0 && data.find('\n') != std::string::npos) {
      begin = data.find('\n') + 1;
      const auto said = read_sizes(std::string_view(data).substr(0, begin));
      if (!said) return unavailable("the interpreter gave an answer that cannot be read");
      sizes = *said;
    }
  }
  return Answer{data.substr(begin, sizes.head), data.substr(begin + sizes.head, sizes.picture)};
}

Result<void> Interpreter::wait_until_warm(const RunContext& context) {
  if (warm_) return {};
  LLMI_TRY(const Answer answer, receive(context.capped(kWarmUpLimit)));
  const Json json = Json::parse(answer.head, nullptr, false);
  if (!json.is_object() || !json.value("ready", false)) return unavailable("the interpreter did not come up");
  versions_ = fmt::format("Python {}, {}", json.value("python", ""), json.value("versions", ""));
  warm_ = true;
  const std::string fonts = json.value("fonts", "");
  // A list of fonts that cannot be kept is made again next time.
  if (!fonts.empty() && fonts.find('/') == std::string::npos && !settings_.cache_folder.empty()) [[maybe_unused]]
    const auto kept = write_file(font_cache_folder(settings_) / fonts, json.value("font_list", ""));
  return {};
}

Result<CodeResult> Interpreter::run(const RunContext& context, const CodeRequest& request) {
  LLMI_CHECK_OK(wait_until_warm(context));
  const double timeout = std::chrono::duration<double>(request.timeout).count();
  const std::string body = Json{
      {"code", request.code},
      {"format", request.format},
      {"timeout_s", timeout},
      {"memory_bytes",
       request.memory_bytes}}.dump(-1, ' ', true, Json::error_handler_t::replace);
  const RunContext patient = context.capped(request.timeout + kGrace);
  auto sent = send(patient, fmt::format("{}\n{}", body.size(), body));
  auto answer = sent ? receive(patient) : Result<Answer>(std::unexpected(sent.error()));
  if (answer) return read_result(answer->head, std::move(answer->picture));
  // Whatever happened, this interpreter is in the middle of something: it is killed with all it started.
  child_.kill();
  CodeResult result{.reusable = false};
  if (context.cancelled()) {
    result.fault = Fault{Stage::kCancelled, "cancelled"};
  } else if (answer.error().code == ErrorCode::kTimeout) {
    result.fault =
        Fault{Stage::kTimeout, context.deadline.passed() ? "the deadline passed"
                                                         : fmt::format("the code ran longer than {:g} s", timeout)};
  } else {
    result.fault = Fault{Stage::kTool, "the code ended the sandbox's interpreter"};
  }
  return result;
}

}  // namespace llmi::sandbox
