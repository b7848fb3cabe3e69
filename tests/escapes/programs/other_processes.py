# expect: drawn
# The supervisor's and bubblewrap's memory and descriptors stay shut.
import os
seen = [pid for pid in os.listdir("/proc") if pid.isdigit()]
if len(seen) > 4:
    print("ESCAPED: sees processes", seen)
for pid in seen:
    if int(pid) == os.getpid():
        continue
    for name in ("mem", "maps", "fd", "root", "cwd", "exe"):
        path = f"/proc/{pid}/{name}"
        try:
            if name == "mem":
                open(path, "rb+").close()
            elif name == "fd":
                for number in os.listdir(path):
                    os.open(f"{path}/{number}", os.O_RDWR)
            elif name == "maps":
                if open(path).read():
                    raise ValueError
            elif name == "root":
                os.listdir(path)
            else:
                os.readlink(path)
            print("ESCAPED: opened", path)
        except ValueError:
            print("ESCAPED: read", path)
        except OSError:
            pass

plt.plot([1, 2])
