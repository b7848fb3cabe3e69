#include "lexicon/mapped_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace llmi::lexicon {

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return not_found(fmt::format("{} is not there", path.string()));
  struct stat status{};
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
  const auto size = static_cast<std::size_t>(status.st_size);
  void* start = regular ? ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0) : MAP_FAILED;
  ::close(file);
  if (start == MAP_FAILED)
    return fail(ErrorCode::kUnreadable, Origin::kInternal, fmt::format("{} cannot be read", path.string()));
  return MappedFile({static_cast<const char*>(start), size});
}

MappedFile::~MappedFile() {
  // munmap takes a pointer to non-const; nothing is written through it.
  if (!bytes_.empty()) ::munmap(const_cast<char*>(bytes_.data()), bytes_.size());
}

}  // namespace llmi::lexicon
