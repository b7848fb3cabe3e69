"""TRL's reward function: `llmi serve --reward` scores every completion. README.md beside this file has the settings."""

import logging
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "client")]
import llmi_reward  # noqa: E402
import llmi_samples  # noqa: E402

# Arguments of TRL's own that are not columns of the data set.
NOT_COLUMNS = ("completion_ids", "trainer_state", "log_extra", "log_metric", "environments")


async def reward_func(prompts, completions, **columns):
    """One reward a completion; None, which TRL leaves out of the step, for those without a score.

    Prompts and completions are texts or chat lists. The columns are those of a prompt set (docs/data.md): image_num,
    tools, split and images, by themselves or in extra_info. All go in one request.
    """
    log_metric = columns.get("log_metric")
    columns = {name: values for name, values in columns.items() if name not in NOT_COLUMNS}
    samples = []
    for at, (prompt, completion) in enumerate(zip(prompts, completions, strict=True)):
        row = {name: values[at] for name, values in columns.items()}
        if row.get("images") is None and row.get("image") is not None:
            row["images"] = [row["image"]]
        samples.append(llmi_samples.sample(answer(completion), prompt, row))
    try:
        results = await llmi_reward.rate_soon(samples)
    except llmi_reward.NoScore as error:
        results = [{"status": "unavailable", "error": {"message": str(error)}}] * len(samples)
    rewards = [llmi_reward.number(result) for result in results]
    missing = [llmi_reward.reason(result) for result, reward in zip(results, rewards) if reward is None]
    if missing:
        logging.getLogger(__name__).warning("%d of %d completions have no reward; %s", len(missing), len(rewards), missing[0])
    if log_metric:
        log_metric("llmi/without_reward", len(missing) / len(rewards))
    return rewards


def answer(completion):
    """What the assistant wrote, tool turns left out."""
    if isinstance(completion, str):
        return completion
    return "\n\n".join(llmi_samples.said(each) for each in completion if each["role"] == "assistant")
