# expect: policy
# The system call keyctl ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(250, 0, 0)
print('ESCAPED: keyctl was let through')
plt.plot([1, 2])
