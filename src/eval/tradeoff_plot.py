fig, axes = plt.subplots(1, len(panels), figsize=(4.6 * len(panels), 4), squeeze=False, layout="constrained")
for axis, (label, points) in zip(axes[0], panels):
    for number, (name, x, y, low, high) in enumerate(points):
        axis.errorbar(x, y, yerr=[[y - low], [high - y]], fmt="o", capsize=3, color=f"C{number % 10}", label=name)
    axis.set_xlabel(f"{label} per document")
    axis.set_xlim(left=0)
    axis.grid(alpha=0.3)
axes[0][0].set_ylabel(f"{quality}, with 95 % interval")
axes[0][0].legend(title="--scale", fontsize="small")
