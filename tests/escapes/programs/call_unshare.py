# expect: policy
# The system call unshare ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(272, 0x10000000)
print('ESCAPED: unshare was let through')
plt.plot([1, 2])
