#include "store/run_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "store/file_slug.h"
#include "store/run_files.h"
#include "store/run_place.h"

namespace llmi::store {
namespace {

namespace fs = std::filesystem;

/// A file that grows at its end.
class Appender {
 public:
  explicit Appender(const fs::path& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {}
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;
  ~Appender() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] bool is_open() const { return fd_ >= 0; }
  [[nodiscard]] bool add(std::string_view bytes) {
    while (fd_ >= 0 && !bytes.empty()) {
      const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return fd_ >= 0;
  }
  /// Drops what stands behind the first `size` bytes.
  [[nodiscard]] bool cut(std::size_t size) { return ::ftruncate(fd_, static_cast<off_t>(size)) == 0; }
  /// Marks the file as being written until it is closed, by whatever end of this process.
  [[nodiscard]] bool lock() { return ::flock(fd_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

 private:
  int fd_;
};

class FolderWriter final : public RunWriter {
 public:
  explicit FolderWriter(fs::path folder) : folder_(std::move(folder)) {}

  /// Opens what is there. Errors: kInvalidArgument, kInternal.
  Result<void> open() {
    events_ = std::make_unique<Appender>(folder_ / kEventsFile);
    answer_ = std::make_unique<Appender>(folder_ / kAnswerFile);
    if (!events_->is_open() || !answer_->is_open())
      return internal_error(fmt::format("cannot write to {}: {}", folder_.string(), std::strerror(errno)));
    if (events_->lock()) return {};
    return invalid_argument(fmt::format("{} is being written by another llmi", folder_.string()));
  }

  /// A last line that a kill left without its end is ended where it is an event, and dropped where it is none.
  Result<void> mend() {
    LLMI_TRY(const std::string events, read_file(folder_ / kEventsFile));
    const std::size_t whole = events.rfind('\n') + 1;
    if (whole == events.size()) return {};
    note(document::event_from_json(events.substr(whole)) ? events_->add("\n") : events_->cut(whole));
    return status_;
  }

  Result<document::InputPicture> add_input(const std::string& name, const image::Picture& picture) override {
    document::InputPicture input{
        .name = name,
        .file = fmt::format("{}/{:02}-{}.{}", kInputsFolder, inputs_.size() + 1,
                            file_slug(fs::path(name).stem().string(), "picture"), image::extension(picture.format)),
        .width = picture.width,
        .height = picture.height,
        .sha256 = sha256_hex(picture.bytes)};
    inputs_.emplace_back(input.file, picture.bytes);
    return input;
  }

  void add(const document::Event& event) override {
    if (std::holds_alternative<document::RunStarted>(event.body)) return begin(event);
    // Nothing behind what could not be written: a line cut short in the middle would make the run unreadable.
    if (events_ == nullptr || !status_) return;
    if (const auto* grew = std::get_if<document::AnswerGrew>(&event.body)) note(answer_->add(grew->bytes));
    // The picture first: an event in the file means that its picture is there.
    if (const auto* ready = std::get_if<document::FigureReady>(&event.body);
        ready != nullptr && ready->picture != nullptr)
      note(write_file(folder_ / ready->figure.file, ready->picture->bytes));
    if (!status_) return;
    note(events_->add(document::event_to_json(event) + "\n"));
    if (const auto* resumed = std::get_if<document::RunResumed>(&event.body)) note(answer_->cut(resumed->answer_bytes));
  }

  [[nodiscard]] Result<void> status() const override { return status_; }
  [[nodiscard]] const fs::path& folder() const override { return folder_; }

 private:
  /// Takes the folder over: an older run goes, and the inputs are written.
  void begin(const document::Event& started) {
    note(check_free(folder_));
    if (status_) note(take_folder(folder_, document::event_to_json(started) + "\n"));
    if (status_) note(open());
    for (const auto& [file, bytes] : inputs_) {
      if (status_) note(write_file(folder_ / file, bytes));
    }
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

fs::path plain(const fs::path& folder) { return fs::absolute(folder.has_filename() ? folder : folder.parent_path()); }

}  // namespace

Result<std::unique_ptr<RunWriter>> RunWriter::create(const fs::path& folder) {
  LLMI_CHECK_OK(check_free(plain(folder)));
  return std::make_unique<FolderWriter>(plain(folder));
}

Result<std::unique_ptr<RunWriter>> RunWriter::resume(const fs::path& folder) {
  if (!holds_a_run(folder)) return not_found(fmt::format("{} is not a run folder", folder.string()));
  auto writer = std::make_unique<FolderWriter>(plain(folder));
  LLMI_CHECK_OK(writer->open());
  LLMI_CHECK_OK(writer->mend());
  return writer;
}

std::string figure_file_name(std::size_t ordinal, std::string_view description, std::string_view extension) {
  return fmt::format("{}/{:02}-{}.{}", kFiguresFolder, ordinal, file_slug(description, "figure"), extension);
}

}  // namespace llmi::store
