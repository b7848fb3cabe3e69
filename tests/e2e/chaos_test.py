"""Connections that break in every way, to every kind of server: the document is delivered, or the run is kept."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chaos import ChaosProxy  # noqa: E402
from fakes.chat import MODEL, ChatFake  # noqa: E402
from fakes.pictures import BACKENDS, WORKFLOW  # noqa: E402
from fakes.search import Item, SearchFake  # noqa: E402
from program import Program  # noqa: E402

MODES = ("cut", "reset", "delay", "corrupt", "drip", "refuse")
KEY = "sk-canary"
PLOT = '<imgen>{"source": "code", "description": "Bars", "params": {"code": "plt.bar([1, 2], [3, 4])"}}</imgen>'
PAINT = '<imgen>{"source": "diffusion", "description": "A fox", "params": {"prompt": "a fox"}}</imgen>'
FIND = '<imgen>{"source": "search", "description": "A fox", "params": {"query": "fox"}}</imgen>'


class ChaosTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.number = 0

    def next_folder(self):
        self.number += 1
        return self.program.home / f"run{self.number}"

    def run_kept(self, folder, done):
        """A run folder that says what happened, and a document."""
        self.assertIn(done.code, (0, 3), done.err)
        self.assertNotIn(KEY, done.err + done.out)
        self.assertNotIn("internal error", done.err)
        document = json.loads((folder / "document.json").read_text())
        self.assertTrue((folder / "document.html").exists())
        for block in document["blocks"]:
            if block["type"] == "figure" and block["status"] == "failed":
                self.assertTrue(block["fault"]["message"])
        return document

    def test_chat_servers(self):
        answer = f"# Bars\n\n{PLOT}\n\n" + "More text follows, and still more. " * 60
        for kind in ("openai", "ollama"):
            for mode in MODES:
                with self.subTest(kind=kind, mode=mode), ChatFake(kind, [answer]) as server, ChaosProxy(server.port, mode, seed=3) as proxy:
                    folder = self.next_folder()
                    done = self.program.run("write", "Bars", "--model", f"{proxy.url}#{MODEL}", "--out", folder, "--tools", "code", "--deadline", "30s")
                    if mode in ("delay", "drip"):
                        self.assertEqual((done.code, self.run_kept(folder, done)["status"]), (0, "complete"), done.err)
                    elif mode == "refuse":
                        self.assertEqual(done.code, 3)
                    else:
                        self.assertIn(done.code, (0, 3), done.err)
                        if (folder / "events.jsonl").exists() and (folder / "events.jsonl").stat().st_size:
                            self.run_kept(folder, done)

    def test_picture_servers(self):
        workflow = self.program.home / "workflow.json"
        workflow.write_text(json.dumps(WORKFLOW))
        for backend, fake in BACKENDS.items():
            for mode in MODES:
                with self.subTest(backend=backend, mode=mode), fake(["ok"], key=KEY) as server, ChaosProxy(server.port, mode, seed=5) as proxy:
                    extra = f'workflow = "{workflow}"' if backend == "comfyui" else ""
                    self.program.write_config(f'[diffusion]\nbackend = "{backend}"\nurl = "{proxy.url}"\nmodel = "m"\napi_key_env = "KEY"\ntimeout = "15s"\n{extra}\n')
                    folder = self.next_folder()
                    done = self.program.run("render", "-", "--out", folder, input=f"# T\n\n{PLOT}\n\n{PAINT}\n", env={"KEY": KEY})
                    document = self.run_kept(folder, done)
                    self.assertEqual(done.code, 0)
                    self.assertEqual(document["blocks"][1]["status"], "ready", "other figures are not touched")
                    if mode in ("delay", "drip"):
                        self.assertEqual(document["counts"]["ready"], 2, document["blocks"])

    def test_search_providers(self):
        for provider in ("commons", "searxng", "unsplash"):
            for mode in MODES:
                with self.subTest(provider=provider, mode=mode), SearchFake(provider, [Item("fox"), Item("other")], key=KEY) as server, \
                        ChaosProxy(server.port, mode, seed=7) as proxy:
                    self.program.write_config(f'[search]\nproviders = ["{provider}"]\ndeadline = "15s"\nallow_hosts = ["127.0.0.1"]\n'
                                              f'[search.{provider}]\nurl = "{proxy.url}"\napi_key_env = "KEY"\n')
                    folder = self.next_folder()
                    done = self.program.run("render", "-", "--out", folder, input=f"# T\n\n{PLOT}\n\n{FIND}\n", env={"KEY": KEY})
                    document = self.run_kept(folder, done)
                    self.assertEqual(document["blocks"][1]["status"], "ready")
                    if mode in ("delay", "drip"):
                        self.assertEqual(document["counts"]["ready"], 2, document["blocks"])


if __name__ == "__main__":
    unittest.main()
