# expect: tool
# An exception is a fault though something was drawn.
plt.plot([1, 2])
raise ValueError('no such thing')