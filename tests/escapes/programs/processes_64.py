# expect: drawn
# 64 processes are allowed.
import os, time
for _ in range(63):
    if os.fork() == 0:
        time.sleep(30)
        os._exit(0)
time.sleep(0.5)
plt.plot([1, 2])
