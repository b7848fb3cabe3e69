# expect: policy
# The system call kexec_load ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(246, 0, 0, 0, 0)
print('ESCAPED: kexec_load was let through')
plt.plot([1, 2])
