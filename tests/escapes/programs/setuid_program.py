# expect: drawn
# setuid programs gain nothing.
import os, subprocess
for program in ("/usr/bin/su", "/usr/bin/mount", "/usr/bin/passwd"):
    if os.path.exists(program):
        done = subprocess.run([program, "--help"], capture_output=True)
if os.geteuid() == 0:
    print("ESCAPED: root")

plt.plot([1, 2])
