# expect: drawn
# The host's files are not there.
import os
for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/root", "/home", "/var", "/work", "/boot", "/usr/local/bin", "/run", "/srv", "/opt", "/sys"):
    try:
        if os.path.isdir(path) and os.listdir(path):
            print("ESCAPED: listed", path, os.listdir(path)[:3])
        elif os.path.isfile(path) and open(path).read():
            print("ESCAPED: read", path)
    except OSError:
        pass

plt.plot([1, 2])
