# expect: policy
# The system call add_key ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(248, b'user', b'a', b'b', 1, -4)
print('ESCAPED: add_key was let through')
plt.plot([1, 2])
