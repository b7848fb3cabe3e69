# expect: tool
# Memory of several processes counts together.
import os, time
for _ in range(12):
    if os.fork() == 0:
        data = bytearray(150 << 20)
        for i in range(0, len(data), 4096):
            data[i] = 1
        time.sleep(30)
time.sleep(30)
print("ESCAPED: 1.8 GB in twelve processes")

plt.plot([1, 2])
