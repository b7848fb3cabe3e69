# expect: drawn
# 64 MB of output are read and dropped; the figure is drawn.
import sys
for _ in range(64):
    sys.stdout.write('x' * (1 << 20))
    sys.stderr.write('y' * (1 << 20))
plt.plot([1, 2])
