"""Makes policy_math.jsonl: cases of policy optimisation and what verl 0.9.1, TRL 1.16 and PyTorch make of them in float64.

    scripts/setup --tests --trl
    PYTHONPATH=build/deps/trl/site-packages /usr/bin/python3 -S tests/spec/policy_math.py > tests/spec/policy_math.jsonl

Losses and advantages are those of the frameworks' own functions, gradients are autograd's. Where both frameworks can do a
case they have to agree, and what is written is the first one's. Lengths say how many tokens each completion has; numbers
of tokens stand one completion after another, as in src/train/policy_math.
"""

import collections
import json
import pathlib
import random
import sys
import types

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "tests/integrations")]
sys.path.append(str(ROOT / "build/deps/frameworks"))

import numpy  # noqa: E402
import torch  # noqa: E402
from trl.trainer.grpo_trainer import GRPOTrainer  # noqa: E402
from trl.trainer.utils import entropy_from_logits  # noqa: E402

import absent  # noqa: E402

# What verl's algorithms do not need, but their package imports.
absent.ROOTS = ("ray", "tensordict", "omegaconf", "hydra", "codetiming", "orjson", "pylatexenc")
absent.allow()
from verl.trainer.ppo import core_algos, rollout_corr_helper  # noqa: E402

TRL_LOSSES = {"token-mean": "bnpo", "seq-mean-token-mean": "grpo", "seq-mean-token-sum": "luspo"}
AGREED = 1e-8  # verl adds as much to the length of a completion that it divides by.

chance = random.Random(7)


def numbers(count, low, high):
    return [round(chance.uniform(low, high), 4) for _ in range(count)]


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def padded(flat, lengths):
    """[completions, most tokens], with zeros behind each completion."""
    return torch.nn.utils.rnn.pad_sequence(list(torch.split(flat, lengths)), batch_first=True)


def mask(lengths):
    return padded(torch.ones(sum(lengths), dtype=torch.float64), lengths)


def advantages(case):
    """verl's functions put the advantage on every token; here each completion has one."""
    rewards = tensor(case["rewards"])[:, None]
    group = numpy.zeros(len(rewards), dtype=int)
    if case["baseline"] == "leave-one-out":
        found = core_algos.compute_rloo_outcome_advantage(rewards, torch.ones_like(rewards), group)[0]
    else:
        found = core_algos.compute_grpo_outcome_advantage(
            rewards, torch.ones_like(rewards), group, norm_adv_by_std_in_grpo=case["baseline"] == "standardised")[0]
    return {"advantages": found[:, 0].tolist()}


def verl_config(case):
    config = object.__new__(core_algos.ActorConfig)
    values = {"clip_ratio": case["low"], "clip_ratio_low": case["low"], "clip_ratio_high": case["high"],
              "clip_ratio_c": case.get("dual", float("inf")), "global_batch_info": {}}
    for name, value in values.items():
        object.__setattr__(config, name, value)
    return config


def verl_loss(case, logprobs):
    lengths = case["lengths"]
    loss = core_algos.compute_policy_loss_gspo if case["level"] == "sequence" else core_algos.compute_policy_loss_vanilla
    kept = mask(lengths)
    value = loss(padded(tensor(case["old"]), lengths), padded(logprobs, lengths), tensor(case["advantages"])[:, None] * kept,
                 kept, case["aggregation"], verl_config(case),
                 padded(tensor(case["weights"]), lengths) if "weights" in case else None)[0]
    if "reference" in case:
        penalty = core_algos.kl_penalty(padded(logprobs, lengths), padded(tensor(case["reference"]), lengths), "k3")
        value = value + case["beta"] * core_algos.agg_loss(penalty, kept, case["aggregation"])
    return value


def trl_loss(case, logprobs):
    """TRL's loss is a method that reads its trainer; this is one that holds nothing else."""
    lengths = case["lengths"]
    kept = mask(lengths)
    unused = torch.zeros_like(kept)
    trainer = types.SimpleNamespace(
        _get_per_token_logps_and_entropies=lambda *_, **__: (padded(logprobs, lengths), unused, None),
        accelerator=types.SimpleNamespace(reduce=lambda x, reduction: x, gather=lambda x: x),
        args=types.SimpleNamespace(delta=case.get("dual"), use_bias_correction_kl=False),
        importance_sampling_level=case["level"], loss_type=TRL_LOSSES[case["aggregation"]], epsilon_low=case["low"],
        epsilon_high=case["high"], beta=case.get("beta", 0.0), use_vllm="weights" in case, aux_loss_enabled=False,
        vllm_importance_sampling_correction=True, top_entropy_quantile=1.0, off_policy_mask_threshold=None,
        model=types.SimpleNamespace(training=False), _entropy_bonus_enabled=False, current_gradient_accumulation_steps=1,
        _metrics=collections.defaultdict(lambda: collections.defaultdict(list)))
    inputs = {"prompt_ids": unused, "prompt_mask": unused, "completion_ids": unused, "completion_mask": kept,
              "advantages": tensor(case["advantages"]), "old_per_token_logps": padded(tensor(case["old"]), lengths)}
    if "reference" in case:
        inputs["ref_per_token_logps"] = padded(tensor(case["reference"]), lengths)
    if "weights" in case:
        inputs["importance_sampling_ratio"] = padded(tensor(case["weights"]), lengths)
    return GRPOTrainer._compute_loss(trainer, trainer.model, inputs)


def differentiated(loss, case):
    logprobs = tensor(case["logprobs"]).requires_grad_()
    value = loss(case, logprobs)
    value.backward()
    return {"loss": value.item(), "gradient": logprobs.grad.tolist()}


def agree(one, other):
    pairs = zip([one["loss"], *one["gradient"]], [other["loss"], *other["gradient"]], strict=True)
    return all(abs(a - b) <= AGREED * (1 + abs(a)) for a, b in pairs)


def policy(case):
    by = case.pop("by")
    found = [differentiated({"trl": trl_loss, "verl": verl_loss}[name], case) for name in by]
    if not all(agree(found[0], other) for other in found[1:]):
        raise SystemExit(f"the frameworks differ: {case} {found}")
    return {**found[0], "by": by}


def kl(case):
    logprobs = tensor(case["logprobs"]).requires_grad_()
    values = core_algos.kl_penalty_forward(logprobs, tensor(case["reference"]), case["estimator"])
    values.sum().backward()
    return {"values": values.tolist(), "gradients": logprobs.grad.tolist()}


def entropy(case):
    logits = tensor(case["logits"]).requires_grad_()
    value = entropy_from_logits(logits)
    value.backward()
    return {"entropy": value.item(), "gradient": logits.grad.tolist()}


def importance(case):
    lengths = case["lengths"]
    difference = padded(tensor(case["trainer"]) - tensor(case["sampler"]), lengths)
    found = rollout_corr_helper.compute_rollout_correction_weights(
        difference, mask(lengths), rollout_is=case["level"], rollout_is_threshold=case["cap"])[0]
    return {"weights": found[mask(lengths).bool()].tolist()}


def policy_case(level, aggregation, *, by=("trl", "verl"), spread=0.5, lengths=None, **more):
    lengths = lengths or [chance.randint(1, 5) for _ in range(4)]
    tokens = sum(lengths)
    old = numbers(tokens, -4 - spread, -spread)
    return {"kind": "policy", "by": list(by), "level": level, "aggregation": aggregation, "lengths": lengths,
            "advantages": numbers(len(lengths), -2, 2), "old": old,
            "logprobs": [round(a + b, 4) for a, b in zip(old, numbers(tokens, -spread, spread), strict=True)],
            "low": 0.2, "high": 0.2, **more}


def with_weights(case, cap=2.0):
    """Random ones, within a completion the same where the ratio is of the completion."""
    each = numbers(len(case["lengths"]), 0.1, cap)
    weights = [w for w, n in zip(each, case["lengths"], strict=True) for _ in range(n)]
    return {**case, "weights": weights if case["level"] == "sequence" else numbers(len(weights), 0.1, cap)}


def with_penalty(case):
    """From a reference so near that verl clamps nothing."""
    away = numbers(len(case["logprobs"]), -1, 1)
    return {**case, "reference": [round(a + b, 4) for a, b in zip(case["logprobs"], away, strict=True)], "beta": 0.05}


def policy_cases():
    for aggregation in TRL_LOSSES:
        yield policy_case("token", aggregation)
        yield policy_case("token", aggregation, high=0.28)
        yield policy_case("token", aggregation, spread=4, dual=10.0)
        yield with_weights(with_penalty(policy_case("token", aggregation, spread=4, high=0.28, dual=3.0)))
        yield policy_case("sequence", aggregation, spread=0.001, low=3e-4, high=4e-4)
        yield policy_case("sequence", aggregation, high=0.28)
        yield with_weights(policy_case("sequence", aggregation))
    # A ratio of the completion with weights of tokens: verl's own, GSPO-token.
    yield {**policy_case("sequence", "token-mean", by=("verl",), lengths=[3, 2]), "weights": numbers(5, 0.1, 2)}
    # Completions without a token count for verl's means as here; saturated ratios are verl's alone.
    for aggregation in ("token-mean", "seq-mean-token-sum"):
        yield policy_case("token", aggregation, by=("verl",), lengths=[3, 0, 2])
        yield policy_case("token", aggregation, by=("verl",), spread=25)
        yield policy_case("sequence", aggregation, by=("verl",), spread=25, lengths=[1, 1, 2, 1, 1, 3])


def cases():
    for baseline in ("standardised", "mean", "leave-one-out"):
        for size in (2, 8, 16):
            yield {"kind": "advantages", "baseline": baseline, "rewards": numbers(size, 0, 1)}
    yield {"kind": "advantages", "baseline": "standardised", "rewards": [1.0, 1.0, 0.0, 1.0]}
    yield {"kind": "advantages", "baseline": "standardised", "rewards": [0.5, 0.5, 0.5, 0.5]}
    yield from policy_cases()
    for estimator in ("k1", "k2", "k3"):
        yield {"kind": "kl", "estimator": estimator, "logprobs": numbers(8, -3, 0), "reference": numbers(8, -3, 0)}
    for words, spread in ((2, 1), (7, 3), (40, 8)):
        yield {"kind": "entropy", "logits": numbers(words, -spread, spread)}
    for level in ("token", "sequence"):
        for cap in (1.0, 2.0):
            yield {"kind": "importance", "level": level, "cap": cap, "lengths": [3, 1, 4], "trainer": numbers(8, -2, 0),
                   "sampler": numbers(8, -2, 0)}


MAKERS = {"advantages": advantages, "policy": policy, "kl": kl, "entropy": entropy, "importance": importance}

for made in cases():
    made["expected"] = MAKERS[made["kind"]](made)
    print(json.dumps(made, separators=(",", ":")))
