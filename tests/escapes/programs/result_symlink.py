# expect: tool
# A result file that is a link leads nowhere: nothing outside is there to be overwritten.
import os
os.symlink("/etc/matplotlibrc", "/tmp/plot.png")
plt.plot([1, 2])
plt.savefig("/tmp/plot.png")
print("ESCAPED: wrote through a link")
