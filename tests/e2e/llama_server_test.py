"""The real llama-server, built from the pinned source, with the embedded model."""

import json
import socket
import subprocess
import unittest

from program import ROOT, Program

SERVER = ROOT / "build/deps/llama/bin/llama-server"
MODEL = ROOT / "build/deps/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class LlamaServerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.url = f"http://127.0.0.1:{free_port()}"
        cls.server = subprocess.Popen([SERVER, "-m", MODEL, "--port", cls.url.rsplit(":", 1)[1], "-c", "8192", "--api-key", "sk-canary"],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        cls.server.kill()
        cls.server.wait()

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

    def test_it_takes_the_lazy_grammar_of_tags(self):
        done = self.write(env={"LLMI_MODEL_MAX_TOKENS": "40"})
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue((self.out / "answer.txt").read_text())

    def test_a_wrong_key_is_refused_without_being_shown(self):
        done = self.write(env={"KEY": "sk-canary-wrong"})
        self.assertEqual(done.code, 3)
        self.assertNotIn("sk-canary", done.err)


if __name__ == "__main__":
    unittest.main()
