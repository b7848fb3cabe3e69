# expect: policy
# The system call bpf ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(321, 0, 0, 0)
print('ESCAPED: bpf was let through')
plt.plot([1, 2])
