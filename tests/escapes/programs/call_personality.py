# expect: policy
# The system call personality ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(135, 0x0040000)
print('ESCAPED: personality was let through')
plt.plot([1, 2])
