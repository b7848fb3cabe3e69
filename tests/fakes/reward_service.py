"""The reward service, `llmi serve --reward`, as its clients see it: POST /v1/reward and nothing else."""

import re

from .server import Fake, Reply

TAG = re.compile(r"<imgen>.*?</imgen>", re.DOTALL)
VARIANTS = ("strict", "paper")
LLM, MLLM = 0.5, 0.75


class Bad(Exception):
    pass


class RewardFake(Fake):
    """Every tag makes a picture, and the judges always give the same marks. `judges`: up, off, half (one is down) or
    down. `deaf_to`: a sample whose answer holds this text is unavailable. `failures`: replies given first, in turn.
    `key`: demanded. `before`: called before each reply."""

    def __init__(self, judges="up", deaf_to=None, failures=(), key=None, before=None):
        self.judges, self.deaf_to, self.failures, self.key, self.before = judges, deaf_to, list(failures), key, before
        super().__init__()

    @property
    def samples(self):
        return [sample for request in self.asked("/v1/reward") for sample in request.json["samples"]]

    def handle(self, request):
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return error(401, "unauthorized", "a token is needed")
        if request.path != "/v1/reward":
            return error(404, "not_found", "no such route")
        if self.before:
            self.before()
        with self.lock:
            if self.failures:
                return self.failures.pop(0)
        try:
            return Reply(200, self.scored(request.json))
        except (Bad, ValueError) as bad:
            return error(400, "invalid_argument", str(bad))

    def scored(self, body):
        variant = body.get("variant") or "strict"
        if variant not in VARIANTS:
            raise Bad("variant: must be strict or paper")
        if not isinstance(body.get("samples"), list):
            raise Bad("samples: must be a list of samples")
        for at, sample in enumerate(body["samples"]):
            check(at, sample)
        return {"variant": variant, "results": [self.result(sample, variant) for sample in body["samples"]]}

    def result(self, sample, variant):
        found = len(TAG.findall(sample["answer"]))
        count = count_rule(found, sample["image_num"], test=sample.get("split") == "test")
        judges = "down" if self.deaf_to and self.deaf_to in sample["answer"] else self.judges
        llm, mllm = {"up": (LLM, MLLM), "half": (LLM, None)}.get(judges, (None, None))
        score = {"up": 0.2 * count + 0.3 * count * MLLM + 0.5 * LLM, "off": count}.get(judges)
        made = {
            "id": None if sample.get("id") is None else str(sample["id"]),
            "status": {"up": "ok", "off": "rules_only", "half": "degraded", "down": "unavailable"}[judges],
            "variant": variant, "version": "fake", "score": score,
            "components": {"count": count, "llm": llm, "mllm": mllm},
            "counts": {"wanted": sample["image_num"], "tags": found, "valid": found, "failed": 0},
            "tools": {"r_tool": 0.5, "required": sample.get("tools") or [], "used": {}},
        }
        if score is None:
            made["error"] = {"code": "judge_unavailable", "message": "the judge does not answer"}
        return made


def error(status, code, message):
    return Reply(status, {"error": {"code": code, "message": message}})


def check(at, sample):
    """Refuses what the real service refuses."""
    image_num, prompt = sample.get("image_num"), sample.get("prompt")
    fits = {
        "answer": isinstance(sample.get("answer"), str),
        "image_num": type(image_num) is int and -1 <= image_num <= 1000,
        "id": isinstance(sample.get("id"), (str, int, type(None))),
        "split": sample.get("split") in (None, "train", "test"),
        "modality": sample.get("modality") in (None, "text", "mm"),
        "tools": set(sample.get("tools") or []) <= {"search", "diffusion", "code", "edit"},
        "needs_pictures": sample.get("needs_pictures") in (None, True, False),
        "prompt": not isinstance(prompt, list) or any(each["role"] == "user" and isinstance(each["content"], str) for each in prompt),
        **{f"images[{i}]": image.startswith("data:") for i, image in enumerate(sample.get("images") or [])},
    }
    for field, fit in fits.items():
        if not fit:
            raise Bad(f"samples[{at}].{field}: must be something else")


def count_rule(found, wanted, test):
    if wanted in (-1, 0, 99):
        return float({-1: found == 0, 0: True, 99: found >= 1}[wanted])
    if found == wanted or test:
        return float(found == wanted)
    return found / wanted if found < wanted else max(0.0, 1 - 0.3 * (found - wanted))
