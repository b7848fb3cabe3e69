# expect: drawn
# No network interface but loopback.
lines = open("/proc/net/dev").read().splitlines()[2:]
names = [line.split(":")[0].strip() for line in lines]
if names not in ([], ["lo"]):
    print("ESCAPED: interfaces", names)

plt.plot([1, 2])
