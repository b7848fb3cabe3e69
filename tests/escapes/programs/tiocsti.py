# expect: policy
# TIOCSTI types into the caller's terminal.
import fcntl
fcntl.ioctl(0, 0x5412, b'x')
print('ESCAPED: typed into the terminal')
plt.plot([1, 2])
