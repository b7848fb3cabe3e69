# expect: drawn
# clone3, whose flags a filter cannot see, is not there.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
import os
result = libc.syscall(435, (ctypes.c_uint64 * 11)(0x10000000), 88)
if result >= 0:
    print('ESCAPED: a user namespace by clone3')
plt.plot([1, 2])
