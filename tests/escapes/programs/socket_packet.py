# expect: policy
# No socket of AF_PACKET.
import socket
socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM if 'packet' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
