#include "jail.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>

namespace llmi::picture {
namespace {

constexpr rlim_t kMegabyte = rlim_t{1} << 20;

bool limit(int resource, rlim_t value) {
  const rlimit bound{value, value};
  return setrlimit(static_cast<__rlimit_resource_t>(resource), &bound) == 0;
}

bool limit_resources() {
  bool done = limit(RLIMIT_CPU, 12) && limit(RLIMIT_CORE, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  done = done && limit(RLIMIT_AS, 2048 * kMegabyte);
#endif
  return done;
}

/// Everything that reaches outside the process is refused with EPERM, so that libraries fail in an orderly way.
bool forbid_system_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  constexpr std::array kForbidden{
      SCMP_SYS(socket),   SCMP_SYS(socketpair), SCMP_SYS(connect),     SCMP_SYS(bind),         SCMP_SYS(execve),
      SCMP_SYS(execveat), SCMP_SYS(fork),       SCMP_SYS(vfork),       SCMP_SYS(ptrace),       SCMP_SYS(kill),
      SCMP_SYS(tgkill),   SCMP_SYS(mount),      SCMP_SYS(unshare),     SCMP_SYS(setns),        SCMP_SYS(bpf),
      SCMP_SYS(keyctl),   SCMP_SYS(add_key),    SCMP_SYS(request_key), SCMP_SYS(io_uring_setup), SCMP_SYS(perf_event_open),
      SCMP_SYS(unlink),   SCMP_SYS(unlinkat),   SCMP_SYS(rename),      SCMP_SYS(renameat),     SCMP_SYS(renameat2),
      SCMP_SYS(mkdir),    SCMP_SYS(mkdirat),    SCMP_SYS(symlink),     SCMP_SYS(symlinkat),    SCMP_SYS(link),
      SCMP_SYS(linkat),   SCMP_SYS(chmod),      SCMP_SYS(fchmodat),    SCMP_SYS(truncate),     SCMP_SYS(process_vm_readv),
      SCMP_SYS(process_vm_writev), SCMP_SYS(userfaultfd), SCMP_SYS(open_by_handle_at), SCMP_SYS(memfd_create)};
  bool done = true;
  for (const int call : kForbidden) done = done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
  // Fonts and colour profiles are read while drawing; nothing may be written.
  const scmp_arg_cmp writes = SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY);
  const scmp_arg_cmp both = SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR);
  for (const scmp_arg_cmp& access : {writes, both})
    done = done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1, access) == 0;
  done = done && seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY)) == 0;
  done = done && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return done;
}

}  // namespace

bool enter_jail() {
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && limit_resources() &&
         forbid_system_calls();
}

}  // namespace llmi::picture
