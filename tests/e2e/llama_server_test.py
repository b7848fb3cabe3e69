"""The real llama-server, built from the pinned source: with the embedded model, and with a tiny one that sees."""

import json
import os
import socket
import pathlib
import subprocess
import tempfile
import unittest

from program import ROOT, Program

SERVER = ROOT / "build/deps/llama/bin/llama-server"
MODEL = ROOT / "build/deps/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(test_class, *arguments):
    """A server with these arguments, until the class's tests are over; its URL."""
    port = free_port()
    server = subprocess.Popen([SERVER, "--port", str(port), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    test_class.addClassCleanup(server.wait)
    test_class.addClassCleanup(server.kill)
    return f"http://127.0.0.1:{port}"


class LlamaServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = start(cls, "-m", MODEL, "-c", "8192", "--api-key", "sk-canary")

    def setUp(self):
        self.program = Program()
        self.program.write_config(f'[servers.local]\nurl = "{self.url}"\napi_key_env = "KEY"\n')
        self.out = self.program.home / "out"

    def write(self, *arguments, env=None):
        return self.program.run("write", "Heights of volcanoes: Etna 3357 m, Fuji 3776 m", "--model", "local", "--out", self.out,
                                "--seed", "1", *arguments, env={"KEY": "sk-canary", **(env or {})})

    def test_it_waits_for_the_model_and_is_held_to_the_document_grammar(self):
        done = self.write("--figures", "2", env={"LLMI_AGENT_GUIDED": "on"})
        self.assertEqual(done.code, 0, done.err)
        document = json.loads((self.out / "document.json").read_text())
        self.assertEqual(document["counts"], {"figures": 2, "ready": 2, "failed": 0})
        self.assertEqual(document["model"], MODEL.stem)
        self.assertGreater(document["usage"]["completion_tokens"], 0)

    def test_it_writes_text_and_is_not_held_to_one_tag(self):
        done = self.write(env={"LLMI_MODEL_MAX_TOKENS": "40", "LLMI_AGENT_GUIDED": "off"})
        self.assertEqual(done.code, 0, done.err)
        answer = (self.out / "answer.txt").read_text()
        self.assertTrue(answer)
        self.assertNotIn("<imgen>", answer[:20])

    def test_a_wrong_key_is_refused_without_being_shown(self):
        done = self.write(env={"KEY": "sk-canary-wrong"})
        self.assertEqual(done.code, 3)
        self.assertNotIn("sk-canary", done.err)


if __name__ == "__main__":
    unittest.main()


class SeeingServerTest(unittest.TestCase):
    """The same weights and the same picture, read by the server and in our own process."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.models = pathlib.Path(folder.name)
        subprocess.run(["/usr/bin/python3", ROOT / "tests/models/make.py", ROOT / "build/deps/gguf-py", MODEL, cls.models], check=True)
        cls.pair = (cls.models / "qwen2vl.gguf", cls.models / "qwen2vl-mmproj.gguf")
        cls.url = start(cls, "-m", cls.pair[0], "--mmproj", cls.pair[1], "-c", "4096", "--image-max-tokens", "1000")

    def answer(self, picture, *model):
        program = Program()
        environment = {"LLMI_MODEL_TEMPERATURE": "0", "LLMI_MODEL_MAX_TOKENS": "12", "LLMI_MODEL_CONTEXT_TOKENS": "4096", "LLMI_AGENT_GUIDED": "off"}
        done = program.run("write", "What is this?", "--figures", "none", "--image", self.models / picture, "--out", program.home / "out", *model, env=environment)
        self.assertEqual(done.code, 0, done.err)
        self.assertNotIn("cannot see", done.err)
        return (program.home / "out/answer.txt").read_text()

    def test_both_see_the_same(self):
        """Word for word, until bytes or rounding decide otherwise; two pictures part sooner."""
        def common(one, other):
            return len(os.path.commonprefix([one, other]))

        here = {picture: self.answer(picture, "--model", self.pair[0], "--mmproj", self.pair[1]) for picture in ("red.png", "stripes.png")}
        apart = common(*here.values())
        for picture, answer in here.items():
            self.assertGreater(common(answer, self.answer(picture, "--model", self.url)), apart)
