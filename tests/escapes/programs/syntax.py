# expect: tool
# Broken code.
plt.plot([1, 2