# expect: drawn
# Leaves files, patches, processes and threads behind; look_around comes right after it.
import os, sys, threading, time, matplotlib, builtins
open("/tmp/left", "w").write("x")
os.makedirs("/tmp/deep/er", exist_ok=True)
os.chmod("/tmp/deep", 0)
open("/dev/shm/left", "w").write("x")
open("/tmp/sitecustomize.py", "w").write("x")
builtins.left = plt.left = np.left = 1
matplotlib.rcParams["font.size"] = 77
os.environ["LEFT"] = "1"
np.random.seed(1)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            time.sleep(1)
            open("/tmp/alive", "w").write("x")
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()

plt.plot([1, 2])
