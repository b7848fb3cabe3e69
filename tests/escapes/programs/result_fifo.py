# expect: tool
# A result file that is a pipe is refused.
import os
os.mkfifo("/tmp/plot.png")
plt.plot([1, 2])
plt.savefig("/tmp/plot.png")
print("ESCAPED: somebody read the pipe")
