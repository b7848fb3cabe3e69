#include "confine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace llmi::picture {
namespace {

constexpr rlim_t kCpuSeconds = 10;
constexpr rlim_t kMemory = rlim_t{1536} << 20;
constexpr uid_t kNobody = 65534;

void limit(__rlimit_resource resource, rlim_t value) {
  const rlimit both{value, value};
  ::setrlimit(resource, &both);
}

// Everything that decoding, drawing and the allocator need; anything else is answered with EPERM.
constexpr std::array kAllowed{
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat),
    SCMP_SYS(poll),
    SCMP_SYS(prlimit64),
    SCMP_SYS(read),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(tgkill),
    SCMP_SYS(uname),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};
constexpr std::array kForFonts{
    SCMP_SYS(access), SCMP_SYS(faccessat),  SCMP_SYS(faccessat2), SCMP_SYS(fcntl),    SCMP_SYS(fstatfs),
    SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(pread64),    SCMP_SYS(readlink), SCMP_SYS(readlinkat),
    SCMP_SYS(stat),   SCMP_SYS(lstat),      SCMP_SYS(statx),
};
// Never asked for by a decoder: whoever does has taken it over.
constexpr std::array kDeadly{
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(ptrace),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(keyctl),
    SCMP_SYS(process_vm_writev),
};

using Filter = std::unique_ptr<void, decltype(&seccomp_release)>;

int allow_when_clear(scmp_filter_ctx filter, int call, unsigned argument, std::uint64_t forbidden_bits) {
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, forbidden_bits, 0));
}

int add_rules(scmp_filter_ctx filter, Files files) {
  int status = 0;
  for (const int call : kAllowed) status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
  for (const int call : kDeadly) status |= seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
  status |= allow_when_clear(filter, SCMP_SYS(mmap), 2, PROT_EXEC);
  status |= allow_when_clear(filter, SCMP_SYS(mprotect), 2, PROT_EXEC);
  // Threads of this process only; clone3 hides its flags in memory, and its absence makes libc fall back to clone.
  status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                             SCMP_CMP(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  status |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  if (files == Files::kFonts) {
    for (const int call : kForFonts) status |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    status |= allow_when_clear(filter, SCMP_SYS(openat), 2, O_WRONLY | O_RDWR | O_CREAT | O_TRUNC);
  }
  return status;
}

std::unexpected<Error> refused(const char* what) {
  return fail(ErrorCode::kUnavailable, Origin::kInternal,
              fmt::format("pictures cannot be decoded safely here: {}", what));
}

Result<void> filter_system_calls(Files files) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (!filter || add_rules(filter.get(), files) != 0 || seccomp_load(filter.get()) != 0)
    return refused("the kernel does not take a seccomp filter");
  return {};
}

void allow_reading(int ruleset, const char* folder) {
  landlock_path_beneath_attr rule{.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
                                  .parent_fd = ::open(folder, O_PATH | O_CLOEXEC)};
  if (rule.parent_fd < 0) return;
  ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  ::close(rule.parent_fd);
}

// The second of two walls (SVG pictures with references are refused before), so kernels without Landlock will do.
void restrict_reading_to_fonts() {
  const landlock_ruleset_attr handled{.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
                                                           LANDLOCK_ACCESS_FS_EXECUTE};
  const int ruleset = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0));
  if (ruleset < 0) return;
  for (const char* folder : {"/usr/share/fonts", "/usr/local/share/fonts", "/usr/share/fontconfig", "/etc/fonts",
                             "/var/cache/fontconfig", "/usr/share/mime", "/usr/share/X11"})
    allow_reading(ruleset, folder);
  ::syscall(SYS_landlock_restrict_self, ruleset, 0);
  ::close(ruleset);
}

// Without the right to change users there is nothing to give up.
void become_nobody() {
  if (::geteuid() != 0) return;
  const bool groups_dropped = ::setgroups(0, nullptr) == 0;
  if (groups_dropped && ::setresgid(kNobody, kNobody, kNobody) == 0)
    static_cast<void>(::setresuid(kNobody, kNobody, kNobody) == 0);
}

}  // namespace

void set_limits() {
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_NOFILE, 32);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // Their shadow memory alone is larger.
  limit(RLIMIT_AS, kMemory);
#endif
}

Result<void> confine(Files files) {
  become_nobody();
  if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return refused("the process stays open to others");
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refused("no_new_privs is not supported");
  if (files == Files::kFonts) restrict_reading_to_fonts();
  return filter_system_calls(files);
}

}  // namespace llmi::picture
