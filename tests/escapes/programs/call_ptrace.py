# expect: policy
# The system call ptrace ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(101, 0, 0, 0, 0)
print('ESCAPED: ptrace was let through')
plt.plot([1, 2])
