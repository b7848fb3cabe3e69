# expect: tool
# Memory of one process.
data = []
while True:
    data.append(bytearray(64 << 20))
    for i in range(0, 64 << 20, 4096):
        data[-1][i] = 1