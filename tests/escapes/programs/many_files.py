# expect: tool
# So are files, empty ones too.
for number in range(3_000_000):
    open(f"/tmp/{number}", "w").close()
print("ESCAPED: three million files")
plt.plot([1, 2])
