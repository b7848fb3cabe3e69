"""verl's reward function: `llmi serve --reward` scores every answer. README.md beside this file has the settings."""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "client")]
import llmi_reward  # noqa: E402
import llmi_samples  # noqa: E402


async def compute_score(data_source, solution_str, ground_truth, extra_info, *, base_url=None, variant=None,
                        on_unavailable="raise", timeout=None, **_):
    """`score`, its parts and whether something was missing, as numbers under the same names for every sample.

    The sample comes from `extra_info` (docs/data.md: image_num, tools, split, question, and images, since verl hands
    over none); `ground_truth` is the prompt where there is no question. Without a score: NoScore, or NaN as `score` with
    on_unavailable="nan". What the service refuses (Refused) is an error in both.
    """
    if on_unavailable not in ("raise", "nan"):
        raise ValueError(f"on_unavailable is raise or nan, not {on_unavailable!r}")
    row = {"data_source": data_source, "extra_info": extra_info}
    sample = llmi_samples.sample(solution_str, (extra_info or {}).get("question") or ground_truth, row)
    try:
        [result] = await llmi_reward.rate_soon([sample], base_url=base_url, variant=variant, timeout=timeout)
    except llmi_reward.NoScore:
        if on_unavailable == "raise":
            raise
        result = {"status": "unavailable"}
    if on_unavailable == "raise" and llmi_reward.number(result) is None:
        raise llmi_reward.NoScore(llmi_reward.reason(result))
    return llmi_reward.numbers(result)
