"""What the tests of the adapters share: where adapters and frameworks lie, a service to ask, rows like a prompt set's."""

import contextlib
import os
import pathlib
import sys
import unittest.mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
INTEGRATIONS = ROOT / "integrations"
sys.path[:0] = [str(ROOT / "tests"), *(str(INTEGRATIONS / name) for name in ("client", "verl", "trl", "openrlhf"))]
import absent  # noqa: E402
import llmi_reward  # noqa: E402
from fakes.reward_service import LLM, MLLM, RewardFake  # noqa: E402

FIGURE = '<imgen>{"source": "search", "description": "A fox", "params": {"query": "red fox"}}</imgen>'
SCORE = 0.2 + 0.3 * MLLM + 0.5 * LLM  # with as many pictures as wanted


def extra_info(**more):
    return {"split": "train", "index": 7, "id": "en-foxes-7", "image_num": 1, "tools": ["search"], "question": "Write about foxes.", **more}


@contextlib.contextmanager
def environment(url=None, **more):
    """LLMI_REWARD_… as given and nothing else of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LLMI_REWARD_")}
    given = {"LLMI_REWARD_URL": url, **more}
    with unittest.mock.patch.dict(os.environ, {**kept, **{name: value for name, value in given.items() if value}}, clear=True):
        try:
            yield
        finally:
            llmi_reward.begin()  # Connections to this service end with it.


@contextlib.contextmanager
def service(environment_variables=(), **options):
    """A fake service that the adapters find through the environment."""
    with RewardFake(**options) as fake, environment(fake.url, **dict(environment_variables)):
        yield fake


def frameworks():
    """Makes the pinned verl, TRL and OpenRLHF importable; scripts/setup --tests brings them without their dependencies."""
    folder = ROOT / "build/deps/frameworks"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is missing: run scripts/setup --tests")
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
    os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"
    absent.allow()
