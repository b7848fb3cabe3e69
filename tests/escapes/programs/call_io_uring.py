# expect: policy
# The system call io_uring ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(425, 8, 0)
print('ESCAPED: io_uring was let through')
plt.plot([1, 2])
