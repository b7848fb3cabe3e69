#include "store/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "document/builder.h"
#include "document/event.h"
#include "store/file_slug.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEvents = "events.jsonl";
constexpr const char* kAnswer = "answer.txt";

bool holds_a_run(const fs::path& folder) {
  std::ifstream events(folder / kEvents);
  std::string line;
  if (!std::getline(events, line)) return false;
  const auto first = document::event_from_json(line);
  return first && std::holds_alternative<document::RunStarted>(first->body);
}

/// A file that only grows.
class Appender {
 public:
  explicit Appender(const fs::path& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644)) {}
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool add(std::string_view bytes) {
    while (fd_ >= 0 && !bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return fd_ >= 0;
  }

 private:
  int fd_;
};

class FolderWriter final : public RunWriter {
 public:
  explicit FolderWriter(fs::path folder) : folder_(std::move(folder)) {}

  Result<document::InputPicture> add_input(const std::string& name, const image::Picture& picture) override {
    document::InputPicture input{
        .name = name,
        .file = fmt::format("inputs/{:02}-{}.{}", inputs_.size() + 1,
                            file_slug(fs::path(name).stem().string(), "picture"), image::extension(picture.format)),
        .width = picture.width,
        .height = picture.height,
        .sha256 = sha256_hex(picture.bytes)};
    inputs_.emplace_back(input.file, picture.bytes);
    return input;
  }

  void add(const document::Event& event) override {
    if (std::holds_alternative<document::RunStarted>(event.body)) begin();
    // Nothing behind what could not be written: a line cut short in the middle would make the run unreadable.
    if (events_ == nullptr || !status_) return;
    if (const auto* grew = std::get_if<document::AnswerGrew>(&event.body)) note(answer_->add(grew->bytes));
    // The picture first: an event in the file means that its picture is there.
    if (const auto* ready = std::get_if<document::FigureReady>(&event.body);
        ready != nullptr && ready->picture != nullptr)
      note(write_file(folder_ / ready->figure.file, ready->picture->bytes));
    if (!status_) return;
    note(events_->add(document::event_to_json(event) + "\n"));
  }

  [[nodiscard]] Result<void> status() const override { return status_; }
  [[nodiscard]] const fs::path& folder() const override { return folder_; }

 private:
  /// Takes the folder over: an older run goes, and the inputs are written.
  void begin() {
    std::error_code error;
    if (fs::exists(folder_, error)) {
      const fs::path old = folder_.parent_path() / fmt::format(".{}.old-{}", folder_.filename().string(), ::getpid());
      fs::rename(folder_, old, error);
      if (error) return note(internal_error(fmt::format("cannot replace {}: {}", folder_.string(), error.message())));
      fs::remove_all(old, error);
    }
    fs::create_directories(folder_ / "figures", error);
    if (error) return note(internal_error(fmt::format("cannot make {}: {}", folder_.string(), error.message())));
    for (const auto& [file, bytes] : inputs_) note(write_file(folder_ / file, bytes));
    answer_ = std::make_unique<Appender>(folder_ / kAnswer);
    events_ = std::make_unique<Appender>(folder_ / kEvents);
  }

  void note(Result<void> result) {
    if (status_ && !result) status_ = std::move(result);
  }
  void note(bool written) {
    if (!written)
      note(Result<void>(fail(ErrorCode::kResourceExhausted, Origin::kCaller,
                             fmt::format("cannot write to {}: {}", folder_.string(), std::strerror(errno)))));
  }

  const fs::path folder_;
  std::vector<std::pair<std::string, std::string>> inputs_;
  std::unique_ptr<Appender> answer_;
  std::unique_ptr<Appender> events_;
  Result<void> status_;
};

Result<void> check_picture(const fs::path& folder, const std::string& file, const std::string& sha256) {
  LLMI_TRY(const std::string bytes, read_file(folder / file));
  if (sha256_hex(bytes) == sha256) return {};
  return fail(ErrorCode::kUnreadable, Origin::kCaller,
              fmt::format("{} is damaged: its SHA-256 is not the one in {}", (folder / file).string(), kEvents));
}

}  // namespace

Result<std::unique_ptr<RunWriter>> RunWriter::create(const fs::path& folder) {
  std::error_code error;
  const fs::path target = fs::absolute(folder.has_filename() ? folder : folder.parent_path());
  if (fs::exists(target, error)) {
    if (!fs::is_directory(target, error)) return invalid_argument(fmt::format("{} is not a folder", folder.string()));
    if (!fs::is_empty(target, error) && !holds_a_run(target))
      return invalid_argument(
          fmt::format("{} holds something that is not a run of llmi: choose another folder", folder.string()));
  }
  return std::make_unique<FolderWriter>(target);
}

std::string figure_file_name(std::size_t ordinal, std::string_view description, std::string_view extension) {
  return fmt::format("figures/{:02}-{}.{}", ordinal, file_slug(description, "figure"), extension);
}

Result<document::Document> read_run(const fs::path& folder) {
  if (!holds_a_run(folder)) return not_found(fmt::format("{} is not a run folder", folder.string()));
  // A run that was killed at its very beginning has no answer yet.
  std::string answer;
  if (fs::exists(folder / kAnswer)) {
    LLMI_TRY(answer, read_file(folder / kAnswer));
  }
  document::Builder builder;
  std::ifstream events(folder / kEvents);
  std::string line;
  for (std::size_t number = 1; std::getline(events, line); ++number) {
    auto event = document::event_from_json(line);
    if (!event && events.eof()) break;  // a torn last line
    if (!event)
      return fail(ErrorCode::kUnreadable, Origin::kCaller,
                  fmt::format("{}:{}: {}", (folder / kEvents).string(), number, event.error().message));
    // The answer's exact bytes are in answer.txt; JSON cannot hold all of them.
    if (std::holds_alternative<document::AnswerGrew>(event->body)) continue;
    if (const auto* ready = std::get_if<document::FigureReady>(&event->body))
      LLMI_CHECK_OK(check_picture(folder, ready->figure.file, ready->figure.sha256));
    builder.add(*event);
  }
  builder.add({.body = document::AnswerGrew{answer}});
  return builder.build();
}

}  // namespace llmi::store
