# expect: policy
# The system call userfaultfd ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(323, 0)
print('ESCAPED: userfaultfd was let through')
plt.plot([1, 2])
