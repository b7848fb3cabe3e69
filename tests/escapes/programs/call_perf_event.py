# expect: policy
# The system call perf_event ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(298, 0, 0, -1, -1, 0)
print('ESCAPED: perf_event was let through')
plt.plot([1, 2])
