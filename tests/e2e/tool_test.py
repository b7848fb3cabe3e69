"""`llmi tool …`, `llmi corpus …`, `llmi doctor`, `llmi models`: results, faults and exit codes."""

import json
import os
import pathlib
import random
import struct
import subprocess
import unittest
import zlib

from program import Program


def png(width, height, rows=None):
    """A PNG file; without rows its data is a single empty block (enough for a header)."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    data = zlib.compress(rows if rows is not None else b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def picture(width=40, height=30):
    return png(width, height, b"".join(b"\0" + bytes([200, 40, 40]) * width for _ in range(height)))


def noise(width=90, height=90):
    """A picture that does not compress, so that cutting it loses pixels."""
    rng = random.Random(1)
    return png(width, height, b"".join(b"\0" + rng.randbytes(3 * width) for _ in range(height)))


class ToolTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.out = cls.program.home / "out.png"

    def tool(self, *arguments, code=0, input=b""):
        self.out.unlink(missing_ok=True)
        done = self.program.run("tool", *arguments, "--out", self.out, "--json", input=input)
        self.assertEqual(done.code, code, done.err + done.out)
        result = json.loads(done.out)
        self.assertEqual(result["status"], "ok" if code == 0 else "failed")
        self.assertEqual(self.out.exists(), code == 0)
        return result

    def test_code(self):
        result = self.tool("code", "-", input="print('hello')\nplt.bar(['a', 'b'], [1, 2])\nplt.title('T')\nplt.xlabel('X')\nplt.ylabel('Y')")
        self.assertEqual(result["stdout"], "hello\n")
        self.assertEqual(result["figures"], 1)
        self.assertEqual(result["drawn"]["titles"], ["T"])
        self.assertEqual(sorted(result["drawn"]["axis_labels"]), ["X", "Y"])
        self.assertEqual(result["provenance"]["tool"], "code")
        self.assertTrue(self.out.read_bytes().startswith(b"\x89PNG"))
        self.assertGreater(result["width"], 300)

    def test_code_faults(self):
        cases = {
            "tool": "raise ValueError('no such thing')",
            "policy": "import socket\nsocket.socket()",
            "timeout": "while True: pass",
        }
        for stage, code in cases.items():
            result = self.tool("code", "-", input=code, code=4)
            self.assertEqual(result["fault"]["stage"], stage, result)
        nothing = self.tool("code", "-", input="print('drew nothing')", code=4)
        self.assertEqual(nothing["fault"]["stage"], "tool")
        self.assertEqual(nothing["stdout"], "drew nothing\n")
        self.assertEqual(nothing["figures"], 0)

    def test_code_sees_nothing_of_the_host(self):
        result = self.tool("code", "-", input="import os\nprint(sorted(os.environ))\nprint(os.path.exists('/etc/passwd'), os.getuid() == 0)\nplt.plot([1])")
        self.assertNotIn("XDG_DATA_HOME", result["stdout"])
        self.assertIn("False False", result["stdout"])

    def test_search(self):
        for query, word in (("elephants", "elephant"), ("red fire engine", "fire"), ("ein Elefant", "elephant")):
            result = self.tool("search", query)
            self.assertIn(word, json.dumps(result["provenance"]).lower(), query)
            self.assertTrue(result["provenance"]["licence"])
            self.assertTrue(result["results"])

    def test_search_that_finds_nothing_is_a_fault(self):
        result = self.tool("search", "qwxzv plmkj", code=4)
        self.assertEqual(result["fault"]["stage"], "tool")

    def test_search_list(self):
        done = self.program.run("tool", "search", "giraffe", "--list", "--json")
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue(json.loads(done.out)["results"])

    def test_edit(self):
        source = self.program.home / "red.png"
        source.write_bytes(picture())
        result = self.tool("edit", source, "make it black and white and add the caption 'Paris 1900'")
        self.assertEqual(result["provenance"]["backend"], "libvips")
        self.assertEqual(len(result["provenance"]["operations"]), 2)
        refused = self.tool("edit", source, "add a dog on a bicycle", code=4)
        self.assertEqual(refused["fault"]["stage"], "tool")

    def test_hostile_pictures_are_decode_faults(self):
        jpeg = b"\xff\xd8\xff\xe0" + b"\0" * 100
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>'
        for name, data in {"bomb": png(60000, 60000), "cut": noise()[:4000], "text": b"hello", "empty": b"", "jpeg": jpeg, "svg": svg}.items():
            source = self.program.home / name
            source.write_bytes(data)
            result = self.tool("edit", source, "make it grey", code=4)
            self.assertEqual(result["fault"]["stage"], "decode", name)

    def test_unreadable_paths_are_exit_code_2(self):
        for arguments in (["code", "/nonexistent.py"], ["edit", "/nonexistent.png", "grey"], ["edit", "/dev/zero", "grey"]):
            done = self.program.run("tool", *arguments, "--out", self.out)
            self.assertEqual(done.code, 2, (arguments, done.err))


class CorpusTest(unittest.TestCase):
    def test_own_pictures(self):
        program = Program()
        folder = program.home / "zoo"
        folder.mkdir()
        (folder / "quokka_smiling.png").write_bytes(picture())
        (folder / "plain.png").write_bytes(picture(50, 50))
        (folder / "plain.txt").write_text("A wombat in the rain\n")
        (folder / "broken.png").write_bytes(b"not a picture")
        added = program.run("corpus", "add", folder)
        self.assertEqual(added.code, 0, added.err)
        self.assertIn("broken.png", added.err + added.out)
        for query in ("smiling quokkas", "wombats"):
            done = program.run("corpus", "search", query, "--json")
            self.assertEqual(done.code, 0, done.err)
            self.assertIn("zoo", done.out)
        listed = program.run("corpus", "list", "--json")
        self.assertIn("zoo", listed.out)
        self.assertEqual(program.run("corpus", "remove", "zoo").code, 0)
        self.assertNotIn("zoo", program.run("corpus", "list", "--json").out)
        self.assertEqual(program.run("corpus", "add", "/nonexistent").code, 2)

    def test_slips_and_kinds(self):
        program = Program()
        for query, title in (("elephnat", "elephant"), ("a bird of prey", "eagle"), ("cutlery", "fork")):
            done = program.run("corpus", "search", query, "--json")
            self.assertIn(title, done.out.lower(), query)
        for query in ("a moose", "Claude Monet", "birth rate"):
            done = program.run("corpus", "search", query, "--json")
            self.assertEqual(json.loads(done.out)["results"], [], query)

    def test_an_unusable_data_folder_is_the_reason_that_is_given(self):
        program = Program()
        (program.home / "file").write_text("")
        done = program.run("corpus", "search", "elephant", env={"XDG_DATA_HOME": str(program.home / "file")})
        self.assertNotEqual(done.code, 0)
        self.assertIn("Not a directory", done.err)
        self.assertNotIn("apt-get", done.err)

    def test_one_answer_a_line(self):
        program = Program()
        process = program.start("corpus", "search", "-")
        try:
            for query in ("elephant", "giraffe"):
                process.stdin.write(query.encode() + b"\n")
                process.stdin.flush()
                self.assertIn(query, process.stdout.readline().decode().lower())
        finally:
            process.stdin.close()
            process.wait(timeout=30)
            process.stdout.close()
            process.stderr.close()


class DoctorTest(unittest.TestCase):
    def test_green_here(self):
        done = Program().run("doctor", "--json")
        self.assertEqual(done.code, 0, done.out)
        checks = json.loads(done.out)["checks"]
        self.assertGreater(len(checks), 5)
        self.assertEqual([c for c in checks if c["status"] not in ("ok", "off")], [])

    def test_models(self):
        done = Program().run("models", "list", "--json")
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("Apache-2.0", done.out)
        path = Program().run("models", "path", "smollm2-135m-instruct").out.strip()
        self.assertTrue(pathlib.Path(path).is_file(), path)

    def test_launcher_only_execs(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        trace = subprocess.run(["sh", "-x", str(root / "llmi"), "--version"], capture_output=True, text=True, env=Program().environment(dict(PATH=os.environ["PATH"])), check=False)
        self.assertEqual(trace.returncode, 0, trace.stderr)
        self.assertNotIn("scripts/setup", trace.stderr)


if __name__ == "__main__":
    unittest.main()
