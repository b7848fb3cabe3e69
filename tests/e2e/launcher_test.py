"""The launcher and set-up on a machine that is ready: what they leave alone, and what they say when something is missing."""

import os
import pathlib
import subprocess
import tempfile
import unittest

from program import ROOT, Program

LAUNCHER = ROOT / "llmi"
SETUP = ROOT / "scripts/setup"


def run(*command, env=None, cwd=None):
    return subprocess.run([str(part) for part in command], env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)


class LauncherTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = run(LAUNCHER, "--version")
        assert done.returncode == 0, done.stderr

    def test_other_homes_rebuild_and_fetch_nothing(self):
        before = (ROOT / "build/release/ready").stat().st_mtime_ns, os.readlink(ROOT / "build/deps")
        program = Program()
        done = run(LAUNCHER, "models", "list", env=program.environment())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("(ok)", done.stdout)
        self.assertEqual(before, ((ROOT / "build/release/ready").stat().st_mtime_ns, os.readlink(ROOT / "build/deps")))
        self.assertFalse((program.home / "cache/llmi-deps").exists())

    def test_it_works_from_elsewhere_and_through_a_link(self):
        with tempfile.TemporaryDirectory() as folder:
            link = pathlib.Path(folder) / "link-to-llmi"
            link.symlink_to(LAUNCHER)
            for command in (LAUNCHER, link):
                done = run(command, "--version", cwd=folder)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_exit_codes_pass_through(self):
        self.assertEqual(run(LAUNCHER, "no-such-command").returncode, 2)

    def test_only_picture_collections_can_be_left_out(self):
        done = run(SETUP, "--without", "g++")
        self.assertEqual(done.returncode, 2)
        self.assertIn("openclipart-png", done.stderr)

    def test_graphics_cards_that_setup_knows(self):
        done = run(SETUP, env={**os.environ, "LLMI_GPU": "quantum"})
        self.assertEqual(done.returncode, 2)
        self.assertIn("none, cuda, vulkan", done.stderr)
        done = run(LAUNCHER, "--version", env={"PATH": "/usr/bin:/bin", "LLMI_GPU": "none", "HOME": os.environ.get("HOME", "/")})
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_two_at_once_take_turns(self):
        processes = [subprocess.Popen([SETUP], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
        for process in processes:
            err = process.communicate(timeout=600)[1]
            self.assertEqual(process.returncode, 0, err)

    def test_without_root_it_prints_the_command_for_what_is_missing(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, body in {"id": "echo 1000", "dpkg-query": "exit 1"}.items():
                fake = pathlib.Path(folder) / name
                fake.write_text(f"#!/bin/sh\n{body}\n")
                fake.chmod(0o755)
            done = run(SETUP, env={**os.environ, "PATH": f"{folder}:/usr/bin:/bin"})
        self.assertEqual(done.returncode, 3)
        self.assertIn('sudo sh -c "apt-get update && apt-get install', done.stderr)
        self.assertIn("bubblewrap", done.stderr)


if __name__ == "__main__":
    unittest.main()
