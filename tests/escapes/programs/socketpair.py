# expect: policy
# No pair of sockets either.
import socket
socket.socketpair()
print('ESCAPED: a pair of sockets')
plt.plot([1, 2])
