# expect: policy
# The system call process_vm_readv ends the program.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(310, 1, 0, 0, 0, 0, 0)
print('ESCAPED: process_vm_readv was let through')
plt.plot([1, 2])
