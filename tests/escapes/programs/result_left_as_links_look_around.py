# expect: drawn
# All of it is gone, and what the links led to is there.
import os
for folder in ("/tmp", "/dev/shm"):
    if os.listdir(folder):
        print("ESCAPED: left", os.listdir(folder))
if not os.path.isdir("/usr/lib/python3"):
    print("ESCAPED: emptied /usr/lib")
plt.plot([1, 2])
