"""`llmi tool code`: SVG on request, labels in all scripts, and a sandbox that fails closed and leaves nothing behind."""

import json
import os
import pathlib
import select
import stat
import subprocess
import unittest

from PIL import Image

from program import BINARY, Program

SCRIPTS = {
    "Chinese": "火山喷发规模 火山噴發規模", "Japanese": "火山の大きさ カタカナ", "Korean": "화산 폭발 크기", "Arabic": "حجم الثوران البركاني ١٢٣",
    "Persian": "اندازهٔ آتشفشان پگچ", "Hebrew": "גודל ההתפרצות", "Cyrillic": "Извержение вулкана Їжак Ђ", "Greek": "Έκρηξη ηφαιστείου",
    "Symbols": "→ ≥ € ₂ ✓ ★ −5 °C µm", "Mixed": "العربية abc 火山 Ёлка", "Beside a formula": r"$\alpha^2$ → ≥ 火山 Ёлка",
}


class CodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def draw(self, code, name="plot.png", exit_code=0):
        out = self.program.home / name
        out.unlink(missing_ok=True)
        done = self.program.run("tool", "code", "-", "--out", out, "--json", input=code)
        self.assertEqual(done.code, exit_code, done.err + done.out)
        self.assertEqual(out.exists(), exit_code == 0)
        return out, json.loads(done.out)

    def test_svg(self):
        out, result = self.draw("plt.bar(['a', 'b'], [1, 2])\nplt.title('火山')", "plot.svg")
        self.assertIn("<svg", out.read_text())
        self.assertGreater(result["width"], 300)

    def test_svg_that_could_act_in_a_browser_is_refused(self):
        for code in ("plt.title('x', url='javascript:alert(1)')\nplt.plot([1, 2])", "plt.plot([1, 2])\nplt.gca().lines[0].set_url('https://example.org')"):
            _, result = self.draw(code, "plot.svg", exit_code=4)
            self.assertEqual(result["fault"]["stage"], "decode")

    def test_no_letter_is_missing(self):
        strict = "import warnings\nwarnings.simplefilter('error')\n"
        for script, text in SCRIPTS.items():
            with self.subTest(script):
                _, result = self.draw(strict + f"plt.bar([{text!r}], [1], label={text!r})\nplt.title({text!r})\nplt.ylabel({text!r})\nplt.legend()")
                self.assertEqual(result["drawn"]["titles"], [text])
                self.assertNotIn("glyph", result["stderr"])
        # The test can fail: no font has this letter.
        self.draw(strict + "plt.plot([1])\nplt.title('\\ue123')", exit_code=4)

    def ink(self, text):
        """Which columns of pixels hold ink, and how many inked pixels each."""
        out, _ = self.draw(f"plt.figure(figsize=(6, 1.5))\nplt.figtext(0.1, 0.3, {text!r}, fontsize=48)")
        picture = Image.open(out).convert("L")
        columns = [sum(picture.getpixel((x, y)) < 128 for y in range(picture.height)) for x in range(picture.width)]
        first, last = columns.index(next(filter(None, columns))), len(columns) - 1 - columns[::-1].index(next(filter(None, columns[::-1])))
        return columns[first:last + 1]

    def test_arabic_letters_are_joined(self):
        self.assertNotIn(0, self.ink("سسس"))

    def test_arabic_and_hebrew_run_to_the_left(self):
        # Both begin with a narrow letter and end with a wide one.
        for text in ("ا س", "ו ש"):
            columns = self.ink(text)
            gaps = [x for x, count in enumerate(columns) if count == 0]
            self.assertLess(len(columns) - gaps[-1], gaps[0], text)


def children(task):
    try:
        return (task / "children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []  # The thread has ended since it was listed.


def descendants(pid):
    """The processes below `pid`, as far as they live while this looks."""
    found = []
    try:
        tasks = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return found
    for task in tasks:
        for child in children(task):
            found += [int(child), *descendants(int(child))]
    return found


def opened(processes):
    """Handles of the processes; None where one has ended since it was listed."""
    handles = []
    try:
        for pid in processes:
            handles.append(os.pidfd_open(pid))
        return handles
    except ProcessLookupError:
        for handle in handles:
            os.close(handle)
        return None


class SandboxTest(unittest.TestCase):
    def test_killed_llmi_leaves_no_process(self):
        program = Program()
        code = program.home / "endless.py"
        code.write_text("import os, sys\nos.fork()\nsys.stdout.write('x' * (1 << 20))\nwhile True: pass\n")
        process = program.start("tool", "code", code, env={"LLMI_CODE_TIMEOUT": "60s"})
        try:
            started, handles = [], None
            # The interpreter, its fork, and the fork of that.
            while handles is None:
                self.assertIsNone(process.poll())
                started = descendants(process.pid)
                handles = opened(started) if len(started) >= 4 else None
        finally:
            process.kill()
            process.communicate()
        for pid, handle in zip(started, handles):
            self.assertEqual(select.select([handle], [], [], 10)[0], [handle], f"process {pid} lives on")
            os.close(handle)

    def run_with_bubblewrap(self, script, *arguments):
        """llmi where /usr/bin/bwrap is `script`, seen by nobody else."""
        program = Program()
        fake = program.home / "bwrap"
        fake.write_text(script)
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        program.home.chmod(0o755)
        root = [] if os.geteuid() == 0 else ["--map-root-user"]
        return subprocess.run(["unshare", *root, "--mount", "sh", "-c", 'mount --bind "$0" /usr/bin/bwrap && exec "$@"', fake, BINARY, *arguments],
                              env=program.environment(), input="plt.plot([1])", capture_output=True, text=True, timeout=60, check=False)

    def test_without_a_working_sandbox_code_does_not_run(self):
        for script in ("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "", "#!/bin/sh\necho hello\n"):
            done = self.run_with_bubblewrap(script, "tool", "code", "-")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("install bubblewrap", done.stderr)

    def test_doctor_says_how_to_repair_the_sandbox(self):
        done = self.run_with_bubblewrap("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n", "doctor", "--json")
        checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
        self.assertEqual([name for name, check in checks.items() if check["status"] == "failed"], ["code sandbox"])
        self.assertIn("No permissions", json.dumps(checks["code sandbox"]))
        self.assertIn("install bubblewrap", json.dumps(checks["code sandbox"]))


if __name__ == "__main__":
    unittest.main()
