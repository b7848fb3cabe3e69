# expect: tool
# Shared memory is scratch too.
with open("/dev/shm/big", "wb") as file:
    for _ in range(600):
        file.write(bytes(1 << 20))
print("ESCAPED: 600 MB of shared memory")

plt.plot([1, 2])
