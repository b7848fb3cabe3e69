# expect: tool
# Scratch is bounded.
with open("/tmp/big", "wb") as file:
    for _ in range(600):
        file.write(bytes(1 << 20))
print("ESCAPED: 600 MB of scratch")

plt.plot([1, 2])
