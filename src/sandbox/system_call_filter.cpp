#include "sandbox/system_call_filter.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace llmi::sandbox {
namespace {

// Nothing that draws a plot needs these; who calls them is up to something, and is killed (fault "policy").
constexpr std::array kForbidden{
    SCMP_SYS(socket),          SCMP_SYS(socketpair),     SCMP_SYS(ptrace),           SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev), SCMP_SYS(unshare),      SCMP_SYS(setns),            SCMP_SYS(mount),
    SCMP_SYS(umount2),         SCMP_SYS(pivot_root),     SCMP_SYS(chroot),           SCMP_SYS(move_mount),
    SCMP_SYS(open_tree),       SCMP_SYS(fsopen),         SCMP_SYS(fsconfig),         SCMP_SYS(fsmount),
    SCMP_SYS(fspick),          SCMP_SYS(mount_setattr),  SCMP_SYS(keyctl),           SCMP_SYS(add_key),
    SCMP_SYS(request_key),     SCMP_SYS(bpf),            SCMP_SYS(perf_event_open),  SCMP_SYS(userfaultfd),
    SCMP_SYS(io_uring_setup),  SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register), SCMP_SYS(open_by_handle_at),
    SCMP_SYS(name_to_handle_at), SCMP_SYS(kexec_load),   SCMP_SYS(kexec_file_load),  SCMP_SYS(init_module),
    SCMP_SYS(finit_module),    SCMP_SYS(delete_module),  SCMP_SYS(reboot),           SCMP_SYS(swapon),
    SCMP_SYS(swapoff),         SCMP_SYS(settimeofday),   SCMP_SYS(clock_settime),    SCMP_SYS(adjtimex),
    SCMP_SYS(clock_adjtime),   SCMP_SYS(acct),           SCMP_SYS(quotactl),         SCMP_SYS(lookup_dcookie),
    SCMP_SYS(iopl),            SCMP_SYS(ioperm),         SCMP_SYS(modify_ldt),       SCMP_SYS(vhangup),
    SCMP_SYS(sethostname),     SCMP_SYS(setdomainname),  SCMP_SYS(syslog),           SCMP_SYS(fanotify_init),
    SCMP_SYS(pidfd_getfd),     SCMP_SYS(kcmp),           SCMP_SYS(personality),
};

// Refused with EPERM: libraries may try them without harm. Shared memory and message queues outlive a process; the
// scheduler's calls reach other processes of the same user.
constexpr std::array kRefused{
    SCMP_SYS(shmget),        SCMP_SYS(shmat),           SCMP_SYS(semget),           SCMP_SYS(msgget),
    SCMP_SYS(mq_open),       SCMP_SYS(memfd_create),    SCMP_SYS(memfd_secret),     SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_setscheduler), SCMP_SYS(sched_setparam), SCMP_SYS(sched_setattr), SCMP_SYS(setpriority),
    SCMP_SYS(ioprio_set),    SCMP_SYS(migrate_pages),   SCMP_SYS(move_pages),       SCMP_SYS(mbind),
    SCMP_SYS(set_mempolicy), SCMP_SYS(process_madvise), SCMP_SYS(pidfd_send_signal), SCMP_SYS(inotify_init1),
};

constexpr std::array<scmp_datum_t, 7> kNamespaceFlags{CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                                      CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};

bool add_rules(scmp_filter_ctx filter) {
  bool done = true;
  const auto add = [&](std::uint32_t action, int call) { done = done && seccomp_rule_add(filter, action, call, 0) == 0; };
  const auto add_if = [&](std::uint32_t action, int call, scmp_arg_cmp condition) {
    done = done && seccomp_rule_add_array(filter, action, call, 1, &condition) == 0;
  };
  for (const int call : kForbidden) add(SCMP_ACT_KILL_PROCESS, call);
  for (const int call : kRefused) add(SCMP_ACT_ERRNO(EPERM), call);
  // clone3 hides its flags behind a pointer; without it the C library falls back to clone.
  add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  for (const scmp_datum_t flag : kNamespaceFlags)
    add_if(SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), {0, SCMP_CMP_MASKED_EQ, flag, flag});
  for (const scmp_datum_t request : {scmp_datum_t{TIOCSTI}, scmp_datum_t{TIOCLINUX}})
    add_if(SCMP_ACT_KILL_PROCESS, SCMP_SYS(ioctl), {1, SCMP_CMP_MASKED_EQ, 0xFFFFFFFFU, request});
  // Limits of another process, such as the supervisor's.
  add_if(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), {0, SCMP_CMP_NE, 0, 0});
  return done;
}

}  // namespace

Result<int> system_call_filter() {
  const auto unavailable = [](const char* what) {
    return fail(ErrorCode::kUnavailable, Origin::kInternal, std::string("the sandbox's system call filter cannot be made: ") + what);
  };
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return unavailable("libseccomp does not start");
  // 32-bit system calls have other numbers and would slip through.
  const bool ready = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 && add_rules(filter);
  const int fd = ready ? static_cast<int>(::memfd_create("filter", MFD_CLOEXEC)) : -1;
  const bool written = fd >= 0 && seccomp_export_bpf(filter, fd) == 0 && ::lseek(fd, 0, SEEK_SET) == 0;
  seccomp_release(filter);
  if (!ready) return unavailable("a rule is refused");
  if (written) return fd;
  if (fd >= 0) ::close(fd);
  return unavailable("it cannot be exported");
}

}  // namespace llmi::sandbox
