# expect: policy
# No socket of AF_NETLINK.
import socket
socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM if 'netlink' != 'packet' else socket.SOCK_RAW)
print('ESCAPED: a socket')
plt.plot([1, 2])
