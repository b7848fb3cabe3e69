"""The real sd-server, as far as it goes without weights: `./check sd_server` builds it and runs this."""

import json
import subprocess
import unittest

from managed_server_test import free_port
from program import ROOT, Program

SERVER = ROOT / "build/deps/sd-server/bin/sd-server"


class RealSdServer(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.port = free_port()

    def test_it_runs(self):
        done = subprocess.run([SERVER, "--version"], capture_output=True, text=True, check=True)
        self.assertIn("stable-diffusion.cpp", done.stdout)

    def paint(self, *arguments):
        command = [str(SERVER), "--listen-port", str(self.port), *arguments]
        self.program.write_config(f'[diffusion]\nbackend = "sd-server"\nurl = "http://127.0.0.1:{self.port}"\ncommand = {json.dumps(command)}\n')
        done = self.program.run("tool", "diffusion", "a fox", "--json", timeout=300)
        self.assertEqual(done.code, 3, done.err + done.out)
        return json.loads(done.out)["fault"]["message"]

    def test_what_it_says_of_a_missing_or_broken_model_reaches_the_user(self):
        self.assertIn("exit code 1", self.paint())
        self.assertIn("nothing.gguf", self.paint("--model", "nothing.gguf"))
        (self.program.home / "broken.gguf").write_bytes(b"GGUF but broken" * 100)
        self.assertIn("exit code", self.paint("--model", str(self.program.home / "broken.gguf")))


if __name__ == "__main__":
    unittest.main()
