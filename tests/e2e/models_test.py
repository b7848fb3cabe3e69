"""Models by name: the list, fetching from a hub (a loopback one in its shape), and using what was fetched."""

import hashlib
import json
import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.server import Fake, Reply  # noqa: E402
from program import ROOT, Program  # noqa: E402

EMBEDDED = ROOT / "build/deps/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = "qwen3-0.6b"
PATH = "/Qwen/Qwen3-0.6B-GGUF/resolve/main/Qwen3-0.6B-Q8_0.gguf"


class Hub(Fake):
    """Answers as the Hugging Face hub does: the facts of a large file on a redirect to its store, which knows ranges."""

    def __init__(self, content, sha256=None, token=None, cut_after=None):
        self.content, self.sha256, self.token, self.cut_after = content, sha256 or hashlib.sha256(content).hexdigest(), token, cut_after
        super().__init__()

    def handle(self, request):
        if request.path.startswith("/store/"):
            start = int(re.match(r"bytes=(\d+)-", request.headers.get("range", "bytes=0-"))[1])
            rest = self.content[start:]
            if self.cut_after and len(rest) > self.cut_after:
                return Reply(206 if start else 200, rest[: self.cut_after * 2], {"Content-Type": "binary"}, cut=True)
            return Reply(206 if start else 200, rest, {"Content-Type": "binary"})
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"error": "Access to model is restricted"})
        if request.path.startswith(("/Qwen/", "/ggml-org/")):
            return Reply(302, b"", {"Location": "/store/x", "X-Linked-Size": str(len(self.content)), "X-Linked-Etag": f'"{self.sha256}"'})
        return Reply(404, {"error": "Repository not found"})


class ModelsTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()

    def fetch(self, hub, name=NAME, **env):
        return self.program.run("models", "fetch", name, env={"LLMI_MODELS_URL": hub.url, **env})

    def test_list_and_doctor(self):
        models = json.loads(self.program.run("models", "list", "--json").out)["models"]
        names = [model["name"] for model in models]
        for name in ("smollm2-135m-instruct", "qwen3-4b-instruct-2507", "qwen3-30b-a3b-instruct-2507", "qwen2.5-vl-7b-instruct", "qwen2.5-vl-32b-instruct"):
            self.assertIn(name, names)
        self.assertTrue(all(model["licence"] and model["memory_mb"] for model in models))
        done = self.program.run("write", "x", "--model", "qwen3-4b-instruct-2507")
        self.assertEqual(done.code, 2)
        self.assertIn("llmi models fetch qwen3-4b-instruct-2507", done.err)

    def test_a_fetched_model_writes(self):
        with Hub(EMBEDDED.read_bytes()) as hub:
            done = self.fetch(hub)
            self.assertEqual(done.code, 0, done.err)
            self.assertIn("100 %", done.err)
            file = pathlib.Path(done.out.strip())
            self.assertEqual(file.stat().st_size, EMBEDDED.stat().st_size)
            asked = len(hub.requests)
            self.assertEqual(self.fetch(hub).code, 0)
            self.assertEqual(len(hub.requests), asked, "it is there already")
        done = self.program.run("write", "Cats", "--figures", "none", "--model", NAME, "--out", self.program.home / "out", env={"LLMI_MODEL_MAX_TOKENS": "30"})
        self.assertEqual(done.code, 0, done.err)
        state = {model["name"]: model["state"] for model in json.loads(self.program.run("models", "list", "--json").out)["models"]}
        self.assertEqual(state[NAME], "ok")

    def test_breaks_are_gone_on_from(self):
        with Hub(bytes(range(256)) * 4000, cut_after=300_000) as hub:
            done = self.fetch(hub)
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual(pathlib.Path(done.out.strip()).read_bytes(), hub.content)
            self.assertGreater(len([r for r in hub.requests if "range" in r.headers]), 1)

    def test_pairs_with_a_picture_encoder(self):
        with Hub(b"gguf" * 1000) as hub:
            self.assertEqual(self.fetch(hub, "qwen2.5-vl-7b-instruct").code, 0)
            asked = {request.path.rsplit("/", 1)[1] for request in hub.requests if "resolve" in request.path}
            self.assertEqual(asked, {"Qwen2.5-VL-7B-Instruct-Q4_K_M.gguf", "mmproj-Qwen2.5-VL-7B-Instruct-Q8_0.gguf"})

    def test_what_goes_wrong(self):
        with Hub(b"x" * 5000, sha256="0" * 64) as hub:
            done = self.fetch(hub)
            self.assertEqual(done.code, 2)
            self.assertIn("SHA-256", done.err)
        with Hub(b"x" * 5000, token="hf_canary") as hub:
            done = self.fetch(hub, HF_TOKEN="hf_canary_wrong")
            self.assertEqual(done.code, 3)
            self.assertIn("HF_TOKEN", done.err)
            self.assertNotIn("hf_canary", done.err)
            self.assertEqual(self.fetch(hub, HF_TOKEN="hf_canary").code, 0)
        self.assertEqual(self.program.run("models", "fetch", "nobody").code, 2)
        self.assertEqual(self.program.run("models", "fetch", "qwen3-1.7b", env={"LLMI_MODELS_URL": "http://127.0.0.1:9"}).code, 3)


if __name__ == "__main__":
    unittest.main()
