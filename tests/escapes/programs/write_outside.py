# expect: drawn
# Only scratch can be written.
import os
for path in ("/usr/x", "/etc/x", "/x", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/lib/x", "/runner.py", "/mpl/x", "/dev/x", "/usr/lib/python3/dist-packages/x.py"):
    try:
        with open(path, "w") as file:
            file.write("x")
        print("ESCAPED: wrote", path)
    except OSError:
        pass

plt.plot([1, 2])
