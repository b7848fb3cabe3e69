# expect: policy
# The system call setns ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(308, 0, 0)
print('ESCAPED: setns was let through')
plt.plot([1, 2])
