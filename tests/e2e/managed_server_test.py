"""Picture servers that llmi starts itself: started when needed, ended with it, and explained when they fail."""

import json
import pathlib
import signal
import socket
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.pictures import SdServerFake  # noqa: E402
from program import ROOT, Program  # noqa: E402

SERVE = ROOT / "tests/fakes/serve.py"
PAINT = '<imgen>{"source": "diffusion", "description": "A fox", "params": {"prompt": "a fox"}}</imgen>'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False


class ManagedServerTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.port = free_port()

    def configure(self, manner="", command=None, url=True):
        command = command or ["/usr/bin/python3", str(SERVE), "sd-server", str(self.port), manner]
        text = "".join(f'[{tool}]\nbackend = "sd-server"\n' + (f'url = "http://127.0.0.1:{self.port}"\n' if url else "")
                       + f"command = {json.dumps(command)}\n" for tool in ("diffusion", "edit"))
        self.program.write_config(text)

    def paint(self, code=0, *arguments):
        done = self.program.run("tool", "diffusion", "a fox", "--out", "fox.png", "--json", *arguments, env={"SECRET_KEY": "sk-canary"})
        self.assertEqual(done.code, code, done.err + done.out)
        return json.loads(done.out) if done.out else done.err

    def served(self):
        pid, environment = (self.program.home / f"served.{self.port}").read_text().split("\n", 1)
        return int(pid), environment

    def assert_gone(self, pid):
        deadline = time.monotonic() + 10
        while alive(pid):
            self.assertLess(time.monotonic(), deadline, "the server is still there")
            time.sleep(0.02)

    def test_it_is_started_and_ended_and_told_no_secret(self):
        for manner in ("", "slow", "stubborn"):
            with self.subTest(manner=manner):
                self.configure(manner)
                self.assertEqual(self.paint()["provenance"]["backend"], "sd-server")
                pid, environment = self.served()
                self.assertNotIn("canary", environment)
                self.assert_gone(pid)

    def test_one_server_for_many_pictures_and_both_tools(self):
        self.configure()
        answer = "\n\n".join([PAINT, PAINT.replace("a fox", "a den"), '<imgen>{"source": "edit", "description": "B", "params": {"img_index": 0, "prompt": "turn the sky into a sea of stars"}}</imgen>'])
        done = self.program.run("render", "-", "--out", "run", input=answer)
        self.assertEqual(done.code, 0, done.err)
        document = json.loads((self.program.home / "run/document.json").read_text())
        self.assertEqual(document["counts"], {"figures": 3, "ready": 3, "failed": 0})
        self.assert_gone(self.served()[0])

    def test_one_that_answers_already_is_used_and_left_alone(self):
        with SdServerFake(("ok",)) as fake:
            self.port = fake.port
            self.configure(command=["/bin/false"])
            self.paint()
            self.assertEqual(len(fake.jobs), 1)

    def test_one_that_fails_is_quoted(self):
        self.configure("crash")
        message = self.paint(3)["fault"]["message"]
        self.assertIn("cannot load the model", message)
        self.assertIn("exit code 1", message)
        self.configure(command=["/nonexistent/sd-server"])
        self.assertIn("/nonexistent/sd-server", self.paint(3)["fault"]["message"])

    def test_one_that_never_answers_ends_with_the_deadline(self):
        self.configure("deaf")
        done = self.program.run("render", "-", "--out", "run", "--deadline", "2s", input=PAINT)
        self.assertEqual(done.code, 0, done.err)
        document = json.loads((self.program.home / "run/document.json").read_text())
        self.assertEqual(document["blocks"][0]["fault"]["stage"], "timeout")

    def test_it_does_not_outlive_a_killed_llmi(self):
        self.configure()
        process = self.program.start("render", "-", "--out", "run")
        process.stdin.write((PAINT + "\n\n" + '<imgen>{"source": "code", "description": "s", "params": {"code": "import time; time.sleep(60)"}}</imgen>').encode())
        process.stdin.close()
        process.stdin = None
        path = self.program.home / f"served.{self.port}"
        deadline = time.monotonic() + 30
        while not (path.exists() and path.read_text()):
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        pid = self.served()[0]
        self.assertTrue(alive(pid))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assert_gone(pid)

    def test_a_command_needs_an_address(self):
        self.configure(url=False)
        done = self.program.run("tool", "diffusion", "a fox")
        self.assertEqual(done.code, 2)
        self.assertIn("diffusion.url", done.err)


if __name__ == "__main__":
    unittest.main()
