"""Runs of `llmi render` and `llmi write --model scripted:…`: folders, statuses, exit codes, replay."""

import hashlib
import json
import os
import pathlib
import signal
import time
import unittest
from html import escape

from program import Program

SEARCH = '<imgen>{"source": "search", "description": "An elephant", "params": {"query": "elephant"}}</imgen>'
NOTHING = '<imgen>{"source": "search", "description": "Nothing", "params": {"query": "qwxzv plmkj"}}</imgen>'
PLOT = '<imgen>{"source": "code", "description": "Two bars", "params": {"code": "plt.bar([\\"a\\", \\"b\\"], [3, 5])\\nplt.title(\\"Bars\\")"}}</imgen>'
SLOW = '<imgen>{"source": "code", "description": "Slow", "params": {"code": "import time\\ntime.sleep(60)"}}</imgen>'


def edit(index, text="make it black and white"):
    return '<imgen>{"source": "edit", "description": "Grey", "params": {"img_index": %d, "prompt": "%s"}}</imgen>' % (index, text)


ANSWER = "# Elephants\n\nThey are large.\n\n%s\n\nNumbers: $x^2$.\n\n%s\n\n%s\n\n| a | b |\n|---|---|\n| 1 | 2 |\n" % (SEARCH, PLOT, edit(0))


def tree(folder):
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(pathlib.Path(folder).rglob("*")) if p.is_file()}


class RenderTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def render(self, answer, *flags, code=0, name="run"):
        path = self.program.home / "answer.md"
        path.write_bytes(answer if isinstance(answer, bytes) else answer.encode())
        done = self.program.run("render", path, "--out", self.program.home / name, *flags)
        self.assertEqual(done.code, code, done.err)
        self.folder = self.program.home / name
        return done

    def document(self):
        return json.loads((self.folder / "document.json").read_text())

    def test_a_document_with_three_pictures(self):
        self.render(ANSWER, name="three")
        document = self.document()
        self.assertEqual((document["version"], document["status"]), (1, "complete"))
        self.assertEqual((document["prompt"], document["model"]), (None, None))
        self.assertEqual(document["answer"], ANSWER)
        self.assertEqual((self.folder / "answer.txt").read_text(), ANSWER)
        self.assertEqual(document["counts"], {"figures": 3, "ready": 3, "failed": 0})
        figures = [b for b in document["blocks"] if b["type"] == "figure"]
        self.assertEqual([f["number"] for f in figures], [1, 2, 3])
        self.assertEqual([f["source"] for f in figures], ["search", "code", "edit"])
        for figure in figures:
            data = (self.folder / figure["file"]).read_bytes()
            self.assertEqual(hashlib.sha256(data).hexdigest(), figure["sha256"])
            self.assertGreater(figure["width"] * figure["height"], 0)
            self.assertEqual(figure["provenance"]["tool"], figure["source"])
            self.assertTrue(figure["alt"])
        self.assertTrue(figures[0]["provenance"]["licence"])
        self.assertEqual(figures[1]["provenance"]["data"], "model")
        self.assertIn("illustrative", figures[1]["caption"].lower())
        html = (self.folder / "document.html").read_text()
        self.assertEqual(html.count("<figure"), 3)
        self.assertNotIn("<script", html)
        self.assertIn("<math", html)
        self.assertIn("<table", html)
        self.assertNotRegex(html, r'(src|href)="(?!data:|#|https?:|mailto:)')

    def test_replay_gives_the_same_bytes_elsewhere(self):
        self.render(ANSWER + NOTHING, name="replayed")
        before = tree(self.folder)
        other = Program()
        copy = other.home / "copy"
        os.rename(self.folder, copy)
        for name in ("document.html", "document.md", "document.json"):
            (copy / name).unlink()
        done = other.run("replay", copy)
        self.assertEqual(done.code, 0, done.err)
        self.assertEqual(tree(copy), before)

    def test_faults_stay_in_the_document(self):
        self.render(NOTHING + "\n\n" + edit(0) + "\n\n" + '<imgen>{"source": "code"}</imgen>' + "\n\n" + PLOT, name="faults")
        figures = [b for b in self.document()["blocks"] if b["type"] == "figure"]
        self.assertEqual([f.get("fault", {}).get("stage") for f in figures], ["tool", "dependency", "schema", None])
        self.assertEqual(figures[3]["number"], 1)
        self.assertEqual((figures[2]["source"], figures[2]["params"]), (None, None))
        html = (self.folder / "document.html").read_text()
        self.assertIn(escape(figures[0]["fault"]["message"], quote=True), html)

    def test_strict_is_exit_code_4(self):
        self.render(NOTHING, "--strict", code=4, name="strict")
        self.assertEqual(self.document()["counts"]["failed"], 1)

    def test_figures_beyond_the_number_are_not_run(self):
        self.render(PLOT + "\n\n" + SEARCH, "--figures", "1", name="budget")
        figures = [b for b in self.document()["blocks"] if b["type"] == "figure"]
        self.assertEqual([f.get("fault", {}).get("stage") for f in figures], [None, "budget"])

    def test_the_second_identical_run_calls_no_tool(self):
        answer = ANSWER.replace("[3, 5]", "[3, 6]")
        self.render(answer, name="first")
        first = self.document()
        self.render(answer, name="second")
        second = self.document()
        self.assertGreater(first["usage"]["tool_calls"], 0)
        self.assertEqual(second["usage"]["tool_calls"], 0)
        for block in second["blocks"]:
            if block["type"] == "figure":
                self.assertTrue(block["provenance"]["cached"])

    def test_input_pictures_come_first(self):
        self.render(SEARCH, name="source")
        picture = next((self.folder / "figures").iterdir())
        self.render(edit(0, "rotate left") + edit(0), "--image", picture, name="inputs")
        document = self.document()
        self.assertEqual(len(document["inputs"]), 1)
        figures = [b for b in document["blocks"] if b["type"] == "figure"]
        self.assertEqual([f["index"] for f in figures], [1, 2])
        self.assertEqual([f["status"] for f in figures], ["ready", "ready"])

    def test_hostile_markup_is_only_text(self):
        answer = ('<script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)> ![p](http://example.com/p.png)\n\n'
                  '<imgen>{"source": "code", "description": "\\"><script>alert(2)</script>", "params": {"code": "plt.plot([1, 2])"}}</imgen>\n')
        self.render(answer, name="hostile")
        html = (self.folder / "document.html").read_text()
        for needle in ("<script", "<img src=x", 'href="javascript', "http://example.com/p.png\" /", "<img src=\"http"):
            self.assertNotIn(needle, html)

    def test_run_folder_rules(self):
        self.render("one", name="rules")
        self.render("two", name="rules")
        self.assertEqual(self.document()["answer"], "two")
        other = self.program.home / "precious"
        other.mkdir()
        (other / "letter.txt").write_text("keep me")
        done = self.program.run("render", "-", "--out", other, input="x")
        self.assertEqual(done.code, 2, done.err)
        self.assertEqual(tree(other), tree(other))
        self.assertEqual((other / "letter.txt").read_text(), "keep me")

    def test_wrong_usage(self):
        for flags in (["--figures", "many"], ["--seed", "x"], ["--deadline", "soon"], ["--format", "wordstar"], ["--image", "/nonexistent.png"], ["--tools", "telepathy"]):
            done = self.program.run("render", "-", "--out", self.program.home / "wrong", *flags, input="x")
            self.assertEqual(done.code, 2, (flags, done.err))
            self.assertFalse((self.program.home / "wrong").exists(), flags)

    def test_dry_run_calls_nothing(self):
        done = self.program.run("render", "-", "--dry-run", "--out", self.program.home / "dry", input=ANSWER)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("search", done.out)
        self.assertFalse((self.program.home / "dry").exists())

    def test_deadline_leaves_a_partial_document(self):
        begin = time.monotonic()
        self.render(PLOT + "\n\n" + SLOW, "--deadline", "3s", name="late")
        self.assertLess(time.monotonic() - begin, 8)
        document = self.document()
        self.assertEqual(document["status"], "partial")
        stages = [b.get("fault", {}).get("stage") for b in document["blocks"] if b["type"] == "figure"]
        self.assertEqual(stages, [None, "timeout"])

    def test_interrupt_keeps_the_partial_run(self):
        folder = self.program.home / "interrupted"
        process = self.program.start("render", "-", "--out", folder)
        process.stdin.write((PLOT + "\n\n" + SLOW).encode())
        process.stdin.close()
        self.wait_for(lambda: list((folder / "figures").glob("*")) if folder.exists() else False)
        process.send_signal(signal.SIGINT)
        err = process.stderr.read().decode()
        self.assertEqual(process.wait(timeout=20), 130, err)
        process.stdout.close()
        process.stderr.close()
        document = json.loads((folder / "document.json").read_text())
        self.assertEqual(document["status"], "partial")
        stages = [b.get("fault", {}).get("stage") for b in document["blocks"] if b["type"] == "figure"]
        self.assertEqual(stages, [None, "cancelled"])

    def test_kill_leaves_the_finished_figures_and_a_run_that_replays(self):
        folder = self.program.home / "killed"
        process = self.program.start("render", "-", "--out", folder)
        process.stdin.write((PLOT + "\n\n" + SLOW).encode())
        process.stdin.close()
        self.wait_for(lambda: list((folder / "figures").glob("*.png")) if folder.exists() else False)
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
        done = self.program.run("replay", folder)
        self.assertEqual(done.code, 0, done.err)
        document = json.loads((folder / "document.json").read_text())
        self.assertEqual(document["status"], "partial")
        figures = [b for b in document["blocks"] if b["type"] == "figure"]
        self.assertEqual([f["status"] for f in figures], ["ready", "failed"])

    def wait_for(self, condition):
        for _ in range(1500):
            if condition():
                return
            time.sleep(0.02)
        self.fail("it did not happen within 30 s")


class ScriptedWriteTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()

    def script(self, chunks):
        path = self.program.home / "script.json"
        path.write_text(json.dumps(chunks))
        return f"scripted:{path}"

    def test_write_with_a_scripted_model(self):
        model = self.script([{"delay_ms": 1, "text": ANSWER[:70]}, {"delay_ms": 1, "text": ANSWER[70:]}])
        done = self.program.run("write", "All about elephants", "--model", model, "--out", self.program.home / "run", "--seed", "5")
        self.assertEqual(done.code, 0, done.err)
        document = json.loads((self.program.home / "run" / "document.json").read_text())
        self.assertEqual(document["prompt"], "All about elephants")
        self.assertTrue(document["model"])
        self.assertEqual(document["answer"], ANSWER)
        self.assertEqual(document["counts"]["ready"], 3)

    def test_json_is_a_stream_of_events(self):
        model = self.script([{"delay_ms": 0, "text": PLOT}])
        done = self.program.run("write", "-", "--json", "--model", model, "--out", self.program.home / "run", input="Bars")
        self.assertEqual(done.code, 0, done.err)
        lines = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(lines[0]["type"], "run_started")
        self.assertIn("figure_ready", [line["type"] for line in lines])
        self.assertEqual(lines[-1]["type"], "result")

    def test_missing_model_is_wrong_usage(self):
        done = self.program.run("write", "x", "--model", "/nonexistent.gguf", "--out", self.program.home / "run")
        self.assertEqual(done.code, 2, done.err)
        self.assertFalse((self.program.home / "run").exists())


if __name__ == "__main__":
    unittest.main()
