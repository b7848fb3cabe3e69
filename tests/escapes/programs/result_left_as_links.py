# expect: drawn
# Links, pipes and sockets in scratch are not followed when it is emptied; look_around comes right after it.
import os
os.makedirs("/tmp/folder/inner")
os.symlink("/usr/lib", "/tmp/folder/inner/lib")
os.symlink("/", "/tmp/root")
os.symlink("loop", "/tmp/loop")
os.mkfifo("/dev/shm/pipe")
plt.plot([1, 2])
