# expect: drawn
# A figure of a hundred thousand inches comes out small.
plt.figure(figsize=(1e5, 1e5))
plt.plot([1, 2])
