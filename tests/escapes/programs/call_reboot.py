# expect: policy
# The system call reboot ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(169, 0, 0, 0, 0)
print('ESCAPED: reboot was let through')
plt.plot([1, 2])
