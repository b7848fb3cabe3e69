# expect: policy
# The system call mount ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(165, b'x', b'/tmp', b'tmpfs', 0, 0)
print('ESCAPED: mount was let through')
plt.plot([1, 2])
