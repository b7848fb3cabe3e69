# expect: tool
# A fork bomb is stopped.
import os
while True:
    try:
        os.fork()
    except OSError:
        pass