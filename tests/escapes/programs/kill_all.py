# expect: tool
# Killing everything ends only the sandbox.
import os, signal
os.kill(-1, signal.SIGKILL)
print('ESCAPED: lives')
plt.plot([1, 2])
