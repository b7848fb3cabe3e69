# expect: tool
# Devices cannot be made.
import os, stat
os.mknod("/tmp/plot.png", 0o666 | stat.S_IFBLK, os.makedev(8, 0))
print("ESCAPED: made a device")

plt.plot([1, 2])
