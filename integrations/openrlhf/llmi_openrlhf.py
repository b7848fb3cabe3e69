"""OpenRLHF's reward function: `llmi serve --reward` scores every answer. README.md beside this file has the settings."""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "client")]
import llmi_reward  # noqa: E402
import llmi_samples  # noqa: E402

# OpenRLHF keeps special tokens: <|im_end|>, <｜end▁of▁sentence｜>, </s> and their like end an answer.
SPECIAL_END = re.compile(r"(?:\s*(?:<[|｜][^|｜<>]*[|｜]>|</s>|<eos>|<pad>|<end_of_turn>))+\s*$")


def reward_func(queries, prompts, labels):
    """`rewards`, `scores` (the same, for dynamic filtering) and `extra_logs`, a list each.

    A label is an object, or the JSON of one, with the fields of extra_info (docs/data.md): image_num, tools, question,
    and images. Without a score: NoScore, which OpenRLHF logs; the sample then has no reward.
    """
    if not queries:
        return {"rewards": [], "scores": [], "extra_logs": {}}
    samples = [sample(*row) for row in zip(queries, prompts, labels, strict=True)]
    results = llmi_reward.rate(samples)
    rewards = [llmi_reward.number(result) for result in results]
    if None in rewards:
        raise llmi_reward.NoScore(llmi_reward.reason(results[rewards.index(None)]))
    logs = [llmi_reward.numbers(result) for result in results]
    extra_logs = {name: [each[name] for each in logs] for name in logs[0] if name != "score"}
    return {"rewards": rewards, "scores": list(rewards), "extra_logs": extra_logs}


def sample(query, prompt, label):
    row = json.loads(label) if isinstance(label, str) else label
    if not isinstance(row, dict):
        raise llmi_reward.Refused("a label is an object with image_num (--data.label_key extra_info), or its JSON")
    return llmi_samples.sample(answer(query, prompt), row.get("question") or prompt, row)


def answer(query, prompt):
    """What comes after the prompt; a token for the beginning of the text may stand before it."""
    before, found, written = query.partition(prompt)
    if not found:
        raise llmi_reward.Refused("the prompt is not in the query: it was cut to fit, or decoded to another text")
    return SPECIAL_END.sub("", written)
