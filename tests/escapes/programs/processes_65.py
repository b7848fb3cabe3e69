# expect: tool
# 65 are not.
import os, time
for _ in range(64):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
time.sleep(5)
print("ESCAPED: 65 processes")
plt.plot([1, 2])
