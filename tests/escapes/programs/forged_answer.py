# expect: tool
# A forged answer is not believed.
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'999999999 999999999\n{"figures": 1}')
    except OSError:
        pass
os._exit(0)
