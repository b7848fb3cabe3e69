# expect: tool
# 129 are not.
import threading, time
for _ in range(128):
    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
time.sleep(5)
print("ESCAPED: 129 threads")
plt.plot([1, 2])
