# expect: tool
# A crash in native code.
import ctypes
ctypes.string_at(8)