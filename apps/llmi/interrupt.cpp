#include "interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace llmi::app {
namespace {

// SIGUSR1 is how the destructor wakes the watcher.
sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGUSR1);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = watched_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  watcher_ = std::jthread([this, set] {
    int received = 0;
    while (sigwait(&set, &received) == 0 && received != SIGUSR1) {
      if (!stop_.request_stop()) ::_exit(130);
    }
  });
}

Interrupt::~Interrupt() { pthread_kill(watcher_.native_handle(), SIGUSR1); }

}  // namespace llmi::app
