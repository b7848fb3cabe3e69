# expect: drawn
# 128 threads are allowed.
import threading, time
for _ in range(127):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
time.sleep(0.5)
plt.plot([1, 2])
