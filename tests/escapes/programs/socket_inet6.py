# expect: policy
# No socket of AF_INET6.
import socket
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM if 'inet6' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
