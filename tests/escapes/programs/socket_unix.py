# expect: policy
# No socket of AF_UNIX.
import socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM if 'unix' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
