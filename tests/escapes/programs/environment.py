# expect: drawn
# No process shows the caller's environment.
import os
for pid in os.listdir("/proc"):
    if not pid.isdigit():
        continue
    for name in ("environ", "cmdline"):
        try:
            text = open(f"/proc/{pid}/{name}", "rb").read()
        except OSError:
            continue
        if b"LLMI_TEST_CANARY" in text or b"canary-secret" in text:
            print("ESCAPED: the caller's secret in", pid, name)
if any("CANARY" in name for name in os.environ):
    print("ESCAPED: the caller's environment")

plt.plot([1, 2])
