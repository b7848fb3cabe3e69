# expect: drawn
# Folders that hide the host's own are empty and cannot be written.
for folder in ("/usr/local", "/usr/src", "/proc/sys", "/mpl", "/etc", "/"):
    try:
        open(folder + "/written", "w").close()
        print("ESCAPED: wrote in", folder)
    except OSError:
        pass
plt.plot([1, 2])
