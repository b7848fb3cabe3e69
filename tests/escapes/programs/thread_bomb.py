# expect: tool
# So is a bomb of threads.
import threading, time
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(30,)).start()
print('ESCAPED: a thousand threads')
plt.plot([1, 2])
