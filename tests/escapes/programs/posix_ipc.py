# expect: drawn
# No System V memory, no memfd.
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.shmget(1234, 4096, 0o1600) >= 0:
    print('ESCAPED: shared memory that outlives the run')
if libc.syscall(319, b'x', 0) >= 0:
    print('ESCAPED: memory in no file system')
plt.plot([1, 2])
