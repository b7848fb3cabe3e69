# expect: policy
# The system call pivot_root ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(155, b'/tmp', b'/tmp')
print('ESCAPED: pivot_root was let through')
plt.plot([1, 2])
