# expect: policy
# The system call chroot ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(161, b'/tmp')
print('ESCAPED: chroot was let through')
plt.plot([1, 2])
