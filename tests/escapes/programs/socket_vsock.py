# expect: policy
# No socket of AF_VSOCK.
import socket
socket.socket(socket.AF_VSOCK, socket.SOCK_DGRAM if 'vsock' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
