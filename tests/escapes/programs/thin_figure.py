# expect: tool
# A figure without any height is none.
plt.figure(figsize=(1e9, 1e-9))
plt.plot([1, 2])
