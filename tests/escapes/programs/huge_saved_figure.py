# expect: tool
# Saving it as large as that is refused.
figure = plt.figure(figsize=(1e4, 1e4))
plt.plot([1, 2])
figure.savefig("/tmp/plot.png", dpi=300)
print("ESCAPED: saved nine terapixels")
