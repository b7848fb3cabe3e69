# expect: policy
# The system call open_by_handle_at ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(304, -100, 0, 0)
print('ESCAPED: open_by_handle_at was let through')
plt.plot([1, 2])
