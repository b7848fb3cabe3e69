# expect: policy
# The system call fsopen ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(430, b'tmpfs', 0)
print('ESCAPED: fsopen was let through')
plt.plot([1, 2])
