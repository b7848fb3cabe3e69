# expect: policy
# No socket of AF_INET.
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM if 'inet' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
