# expect: drawn
# Hooks for the interpreter's end have no say: the process ends without them.
import atexit, builtins, sys, threading

class Late:
    def __del__(self):
        print("ESCAPED: a destructor ran late")

builtins.late = Late()
atexit.register(print, "ESCAPED: an exit hook ran")
threading._register_atexit(print, "ESCAPED: a thread hook ran")
sys.excepthook = lambda *_: print("ESCAPED: an exception hook ran")
plt.plot([1, 2])
