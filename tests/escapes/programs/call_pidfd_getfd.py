# expect: policy
# The system call pidfd_getfd ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(438, 0, 0, 0)
print('ESCAPED: pidfd_getfd was let through')
plt.plot([1, 2])
