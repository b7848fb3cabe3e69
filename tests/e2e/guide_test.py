"""The guides in docs/guide: their files are written, their commands run, against servers of the kinds that they name."""

import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import ChatFake  # noqa: E402
from fakes.judge import JudgeFake  # noqa: E402
from fakes.pictures import BACKENDS  # noqa: E402
from fakes.search import Item, SearchFake, picture  # noqa: E402
from program import BINARY, ROOT, Program  # noqa: E402

GUIDES = ROOT / "docs/guide"
ANSWER = """# A fox

<imgen>{"source": "code", "description": "Two bars", "params": {"code": "plt.bar(['a', 'b'], [1, 2])"}}</imgen>
"""
PAINTED = ANSWER + """
<imgen>{"source": "diffusion", "description": "A fox", "params": {"prompt": "a fox at night"}}</imgen>

<imgen>{"source": "search", "description": "A fox", "params": {"query": "fox"}}</imgen>
"""


class GuideTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.folder = self.program.home / "work"
        (self.folder / "pictures").mkdir(parents=True)
        (self.folder / "pictures/red_fox.png").write_bytes(picture(640, 480))
        (self.folder / "llmi").symlink_to(BINARY)

    def follow(self, name, servers=(), extra=""):
        """Does what the guide says. `servers`: address in the guide -> address of the fake."""
        text = (GUIDES / f"{name}.md").read_text()
        for address, fake in servers:
            self.assertIn(address, text + extra)
            text = text.replace(address, fake)
        ran = 0
        for kind, content in re.findall(r"```([^\n]*)\n(.*?)```", text, re.S):
            if kind == "toml":
                self.program.write_config(content + extra)
            elif kind == "sh":
                environment = self.program.environment({"PATH": f"{self.folder}:{os.environ['PATH']}"})
                done = subprocess.run(["/bin/sh", "-e", "-c", content], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=300)
                self.assertEqual(done.returncode, 0, f"{content}\n{done.stdout}{done.stderr}")
                self.assertNotIn("sk-example", done.stdout + done.stderr)
                ran += 1
            else:
                (self.folder / kind.split()[1]).write_text(content)
        self.assertGreater(ran, 0)

    def test_offline(self):
        self.follow("offline")
        self.assertTrue((self.folder / "elephants/document.docx").exists())

    def test_ollama(self):
        with ChatFake("ollama", [ANSWER]) as server:
            self.follow("ollama", [("http://127.0.0.1:11434", server.url)])
            self.assertEqual(server.chats, 3)

    def test_vllm_and_sd_server(self):
        with ChatFake("vllm", [PAINTED]) as chat, BACKENDS["sd-server"]() as painter:
            self.follow("vllm-sd-server", [("http://127.0.0.1:8000/v1", chat.url), ("http://127.0.0.1:1234", painter.url)])
            self.assertIn("response_format", chat.asked("/v1/chat/completions")[0].json)
            self.assertEqual(len(painter.jobs), 3)

    def test_hosted(self):
        with ChatFake("openai", [PAINTED], key="sk-example") as chat, BACKENDS["openai"](key="sk-example") as painter, \
                SearchFake("pexels", [Item("fox")], key="px-example") as search:
            # The guide has no address for these two: they are the public ones.
            extra = f'\n[search.pexels]\nurl = "{search.url}"\n'
            guide = (GUIDES / "hosted.md").read_text()
            self.assertIn('backend = "openai"\n', guide)
            self.follow("hosted", [("https://api.openai.com/v1", chat.url),
                                   ('backend = "openai"\n', f'backend = "openai"\nurl = "{painter.url}"\n')], extra)
            self.assertEqual((chat.chats, len(painter.jobs), len(search.asked("/v1/search"))), (2, 1, 1))

    def test_comfyui(self):
        with BACKENDS["comfyui"]() as server:
            self.follow("comfyui", [("http://127.0.0.1:8188", server.url)])
            self.assertEqual(server.jobs[0]["seed"], 7)

    def test_training_frameworks(self):
        """The service starts as the guide says; tests/integrations follows the frameworks' lines."""
        guide = (GUIDES / "training-frameworks.md").read_text()
        command = re.search(r"llmi (serve (?:.*\\\n)*.*)\n", guide).group(1).replace("\\\n", " ")
        with JudgeFake() as judge:
            for address, here in (("127.0.0.1:8890", "127.0.0.1:0"), ("http://127.0.0.1:8000/v1", judge.url), ("http://127.0.0.1:8001/v1", judge.url)):
                self.assertIn(address, command)
                command = command.replace(address, here)
            process = self.program.start(*shlex.split(command), "--json")
            url = json.loads(process.stdout.readline())["url"]
            with urllib.request.urlopen(url + "/readyz", timeout=60) as reply:
                self.assertEqual(reply.status, 200)
            process.send_signal(signal.SIGTERM)
            self.assertEqual((process.communicate(timeout=60), process.returncode)[1], 0)

    def test_every_guide_is_followed_here(self):
        followed = {"offline", "ollama", "vllm-sd-server", "hosted", "comfyui", "training-frameworks"}
        self.assertEqual({path.stem for path in GUIDES.glob("*.md")}, followed)


if __name__ == "__main__":
    unittest.main()
