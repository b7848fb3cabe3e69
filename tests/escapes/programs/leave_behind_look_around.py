# expect: drawn
# Nothing of the run before is there.
import os, builtins, matplotlib
if hasattr(builtins, "left") or hasattr(plt, "left") or hasattr(np, "left"):
    print("ESCAPED: a patched module")
if matplotlib.rcParams["font.size"] == 77:
    print("ESCAPED: a changed setting")
if "LEFT" in os.environ:
    print("ESCAPED: a changed environment")
for folder in ("/tmp", "/dev/shm"):
    if os.listdir(folder):
        print("ESCAPED: left files", os.listdir(folder))
others = [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) not in (1, os.getpid(), os.getppid())]
if others:
    print("ESCAPED: left processes", others)

plt.plot([1, 2])
