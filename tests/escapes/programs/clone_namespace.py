# expect: policy
# clone with a namespace flag.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)
print('ESCAPED: a user namespace by clone')
plt.plot([1, 2])
