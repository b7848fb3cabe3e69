# expect: drawn
# The supervisor is its namespace's first process: no signal from inside reaches it.
import os, signal, time
for number in (signal.SIGKILL, signal.SIGSTOP, signal.SIGINT, signal.SIGTERM, signal.SIGSEGV, signal.SIGHUP):
    os.kill(os.getppid(), number)
time.sleep(0.2)
plt.plot([1, 2])
