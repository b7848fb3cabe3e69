# expect: policy
# The system call init_module ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(175, 0, 0, 0)
print('ESCAPED: init_module was let through')
plt.plot([1, 2])
