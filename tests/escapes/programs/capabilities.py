# expect: drawn
# No capability, no root, no new privileges.
for line in open("/proc/self/status"):
    name, _, value = line.partition(":")
    if name in ("CapPrm", "CapEff", "CapInh", "CapAmb", "CapBnd") and int(value, 16):
        print("ESCAPED: capabilities", name, value)
    if name == "NoNewPrivs" and value.strip() != "1":
        print("ESCAPED: new privileges")
    if name == "Uid" and "0" in value.split():
        print("ESCAPED: root")
    if name == "Seccomp" and value.strip() != "2":
        print("ESCAPED: no filter")

plt.plot([1, 2])
