"""Runs that end early: what is kept, how they are gone on with; `llmi runs`; folders, disks and readers that fail."""

import json
import os
import pathlib
import pty
import resource
import shutil
import signal
import subprocess
import time
import unittest

from program import BINARY, Program

SEARCH = '<imgen>{"source": "search", "description": "An elephant", "params": {"query": "elephant"}}</imgen>'
PLOT = '<imgen>{"source": "code", "description": "Two bars", "params": {"code": "plt.bar([\\"a\\", \\"b\\"], [3, 5])"}}</imgen>'
EDIT = '<imgen>{"source": "edit", "description": "Grey", "params": {"img_index": 0, "prompt": "make it black and white"}}</imgen>'
# As slow as it says once for each number: the second time it comes from the cache.
SLOW = '<imgen>{"source": "code", "description": "Slow", "params": {"code": "import time\\ntime.sleep(%s)\\nplt.plot([1, 2])"}}</imgen>'


def figures(document):
    return [block for block in document["blocks"] if block["type"] == "figure"]


def wait_for(condition, seconds=60):
    for _ in range(seconds * 50):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"it did not happen within {seconds} s")


class RunsTestCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.program.run("corpus", "search", "elephant")  # Indexed, so that no deadline below meets that.

    def setUp(self):
        shutil.rmtree(self.program.home / "data/llmi/runs", ignore_errors=True)
        self.folder = self.program.home / "run"
        shutil.rmtree(self.folder, ignore_errors=True)

    def script(self, *chunks, name="script.json"):
        path = self.program.home / name
        path.write_text(json.dumps([chunk if isinstance(chunk, dict) else {"delay_ms": 1, "text": chunk} for chunk in chunks]))
        return f"scripted:{path}"

    def run_program(self, *arguments, code=0, **options):
        done = self.program.run(*arguments, **options)
        self.assertEqual(done.code, code, done.err)
        return done

    def document(self, folder=None):
        return json.loads(((folder or self.folder) / "document.json").read_text())

    def statuses(self, folder=None):
        return [figure.get("fault", {}).get("stage", "ready") for figure in figures(self.document(folder))]

    def start_until(self, condition, *arguments, input=b"", **options):
        process = self.program.start(*arguments, **options)
        self.addCleanup(process.wait)
        for stream in (process.stdout, process.stderr):
            self.addCleanup(stream.close)
        process.stdin.write(input)
        process.stdin.close()
        wait_for(lambda: condition() or process.poll() is not None)
        self.assertIsNone(process.poll(), "it ended before the condition held")
        return process

    def kill_when(self, condition, *arguments, **options):
        process = self.start_until(condition, *arguments, **options)
        process.kill()
        process.wait()

    def has_figures(self, count):
        return lambda: len(list(self.folder.glob("figures/*.png"))) >= count


class ResumeTest(RunsTestCase):
    def test_a_killed_run_keeps_its_figures_and_makes_the_open_ones(self):
        answer = f"# Bars\n\n{SEARCH}\n\n{EDIT}\n\n{SLOW % 5}\n\nThe end.\n"
        self.kill_when(self.has_figures(2), "render", "-", "--out", self.folder, input=answer.encode())
        before = {path.name: path.stat().st_mtime_ns for path in self.folder.glob("figures/*.png")}
        self.run_program("runs", "resume", self.folder)
        self.assertEqual(self.document()["status"], "complete")
        self.assertEqual(self.statuses(), ["ready"] * 3)
        self.assertEqual(self.document()["answer"], answer)
        after = {path.name: path.stat().st_mtime_ns for path in self.folder.glob("figures/*.png")}
        self.assertEqual({name: after[name] for name in before}, before)

    def test_the_model_goes_on_with_a_cut_answer(self):
        first = self.script(f"# Elephants\n\nThey are large.\n\n{SEARCH}\n\nThey eat le", {"delay_ms": 100_000, "text": "x"})
        self.kill_when(self.has_figures(1), "write", "Elephants", "--model", first, "--out", self.folder, "--figures", "2")
        rest = self.script(f"They eat leaves.\n\n{EDIT}\n", name="rest.json")
        done = self.run_program("runs", "resume", self.folder, "--model", rest)
        self.assertEqual(self.document()["answer"], f"# Elephants\n\nThey are large.\n\n{SEARCH}\n\nThey eat leaves.\n\n{EDIT}\n")
        self.assertEqual((self.folder / "answer.txt").read_text(), self.document()["answer"])
        self.assertEqual(self.statuses(), ["ready", "ready"])
        self.assertEqual(self.document()["prompt"], "Elephants")
        self.assertNotIn("asked for", done.err)
        html = (self.folder / "document.html").read_bytes()
        self.run_program("replay", self.folder)
        self.assertEqual((self.folder / "document.html").read_bytes(), html)

    def test_a_broken_stream_is_exit_code_3_and_can_be_gone_on_with(self):
        broken = self.script(f"Text.\n\n{PLOT}\n\n{SLOW % 0.1} an", {"break": True})
        self.run_program("write", "x", "--model", broken, "--out", self.folder, code=3)
        self.assertEqual(self.document()["status"], "partial")
        self.run_program("runs", "resume", self.folder, "--model", self.script("End.\n", name="rest.json"))
        self.assertEqual(self.document()["status"], "complete")
        self.assertEqual(self.statuses(), ["ready", "ready"])
        self.assertTrue(self.document()["answer"].endswith("End.\n"))

    def test_interrupted_while_it_is_gone_on_with(self):
        answer = f"{PLOT}\n\n{SLOW % 4}\n\n"
        self.kill_when(self.has_figures(1), "render", "-", "--out", self.folder, input=answer.encode())
        events = (self.folder / "events.jsonl").stat().st_size
        self.kill_when(lambda: (self.folder / "events.jsonl").stat().st_size > events, "runs", "resume", self.folder)
        self.assertEqual(json.loads(self.run_program("runs", "show", self.folder, "--json").out)["status"], "partial")
        self.run_program("runs", "resume", self.folder)
        self.assertEqual(self.statuses(), ["ready", "ready"])

    def test_input_pictures_are_there_again(self):
        self.run_program("tool", "search", "elephant", "--out", self.program.home / "in.png")
        self.kill_when(self.has_figures(1), "render", "-", "--out", self.folder, "--image", self.program.home / "in.png",
                       input=f"{PLOT}\n\n{SLOW % 3}\n\n{EDIT}\n".encode())
        (self.program.home / "in.png").unlink()
        self.run_program("runs", "resume", self.folder)
        self.assertEqual(self.statuses(), ["ready"] * 3)

    def test_a_lost_picture_is_made_again(self):
        self.run_program("render", "-", "--out", self.folder, "--deadline", "4s", input=f"{PLOT}\n\n{SLOW % 9}\n".encode())
        self.assertEqual(self.statuses(), ["ready", "timeout"])
        next(self.folder.glob("figures/*.png")).write_bytes(b"damaged")
        answer = (self.folder / "answer.txt").read_text()
        (self.folder / "answer.txt").write_text(answer.replace("time.sleep(9)", "time.sleep(0)"))
        self.run_program("runs", "resume", self.folder)
        self.assertEqual(self.statuses(), ["ready", "ready"])

    def test_a_complete_run_is_left_as_it_is(self):
        self.run_program("render", "-", "--out", self.folder, input=PLOT.encode())
        before = {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}
        done = self.run_program("runs", "resume", self.folder)
        self.assertIn("complete", done.err)
        self.assertEqual({path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file()}, before)

    def test_a_run_that_is_being_written_is_left_alone(self):
        process = self.start_until(self.has_figures(1), "render", "-", "--out", self.folder, input=f"{PLOT}\n\n{SLOW % 60}".encode())
        self.assertEqual(json.loads(self.run_program("runs", "show", self.folder, "--json").out)["status"], "running")
        for command in (["runs", "resume", self.folder], ["runs", "remove", self.folder, "--yes"], ["render", "-", "--out", self.folder]):
            self.assertIn("being written", self.run_program(*command, code=2).err)
        process.kill()

    def test_the_embedded_model_goes_on_with_its_document(self):
        self.kill_when(lambda: any(path.read_text().count("\n\n") >= 4 for path in self.folder.glob("answer.txt")), "write",
                       "A guide to volcanoes with a chart of eruption sizes", "--figures", "3", "--seed", "5", "--out", self.folder)
        begun = (self.folder / "answer.txt").read_text()
        self.run_program("runs", "resume", self.folder)
        answer = self.document()["answer"]
        self.assertGreater(len(answer), len(begun))
        whole = begun[:begun.rfind("\n\n")]
        self.assertTrue(answer.startswith(whole))
        headings = [line for line in answer.splitlines() if line.startswith("#")]
        self.assertEqual(len(headings), len(set(headings)), headings)
        self.assertEqual(sum(line.startswith("# ") for line in headings), 1)
        self.assertEqual(self.statuses(), ["ready"] * 3)


class RunsCommandTest(RunsTestCase):
    def listed(self):
        return json.loads(self.run_program("runs", "list", "--json").out)["runs"]

    def test_list_shows_the_newest_first(self):
        self.assertEqual(self.listed(), [])
        for prompt in ("First", "Second\nline", "Third"):
            self.run_program("write", prompt, "--model", self.script("Text.\n"))
        self.assertEqual([run["prompt"] for run in self.listed()], ["Third", "Second\nline", "First"])
        for run in self.listed():
            self.assertEqual(run["status"], "complete")
            self.assertEqual(run["counts"], {"figures": 0, "ready": 0, "failed": 0})
            self.assertRegex(run["date"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
            self.assertTrue(pathlib.Path(run["folder"], "document.html").exists())
        lines = self.run_program("runs", "list").out.splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("Second line", lines[1])

    def test_show_says_what_happened(self):
        self.run_program("render", "-", "--deadline", "4s", input=f"{PLOT}\n\n{SLOW % 9}\n".encode())
        (run,) = self.listed()
        shown = json.loads(self.run_program("runs", "show", run["id"], "--json").out)
        self.assertEqual((shown["status"], shown["reason"]), ("partial", "the deadline passed"))
        self.assertTrue(pathlib.Path(shown["figures"][0]["file"]).exists())
        self.assertEqual(shown["figures"][1]["fault"]["stage"], "timeout")
        self.assertEqual([pathlib.Path(file).name for file in shown["documents"]], ["document.html", "document.json", "document.md"])
        text = self.run_program("runs", "show", run["id"]).out
        for part in ("the deadline passed", "timeout", "llmi runs resume", run["folder"]):
            self.assertIn(part, text)

    def test_a_damaged_run_is_listed_shown_and_removed(self):
        self.run_program("render", "-", input=b"Text.")
        (run,) = self.listed()
        events = pathlib.Path(run["folder"], "events.jsonl")
        first = events.read_text().splitlines()[0]
        events.write_text(first + "\nnonsense\n" + first + "\n")
        self.assertEqual(self.listed()[0]["status"], "damaged")
        self.assertIn("events.jsonl:2", self.run_program("runs", "show", run["id"]).out)
        self.assertIn("events.jsonl:2", self.run_program("runs", "resume", run["id"], code=2).err)
        self.run_program("runs", "remove", run["id"], "--yes")
        self.assertEqual(self.listed(), [])

    def test_an_unknown_run_is_exit_code_2_with_near_matches(self):
        self.run_program("write", "Volcanoes", "--model", self.script("Text.\n"))
        (run,) = self.listed()
        for command in (["show"], ["resume"], ["remove", "--yes"]):
            self.assertIn(f"did you mean {run['id']}?", self.run_program("runs", *command, "volcano", code=2).err)
            self.assertIn(run["id"], self.run_program("runs", *command, run["id"].replace("can", "kan"), code=2).err)
            self.assertIn("runs list", self.run_program("runs", *command, "nothing-like-it", code=2).err)
            self.assertIn("no run", self.run_program("runs", *command, "..", code=2).err)
        self.assertEqual(len(self.listed()), 1)

    def test_remove_asks(self):
        for prompt in ("One", "Two", "Three"):
            self.run_program("write", prompt, "--model", self.script("Text.\n"))
        ids = [run["id"] for run in self.listed()]
        self.assertIn("--yes", self.run_program("runs", "remove", ids[0], code=2).err)
        self.assertEqual(len(self.listed()), 3)
        self.assertEqual(self.at_terminal(b"n\n", "runs", "remove", ids[0]), 0)
        self.assertEqual(len(self.listed()), 3)
        self.assertEqual(self.at_terminal(b"y\n", "runs", "remove", ids[0]), 0)
        self.assertEqual([run["id"] for run in self.listed()], ids[1:])
        # One that is unknown: none goes.
        self.run_program("runs", "remove", ids[1], "unknown", "--yes", code=2)
        self.assertEqual(len(self.listed()), 2)
        removed = json.loads(self.run_program("runs", "remove", *ids[1:], "--yes", "--json").out)["removed"]
        self.assertEqual([pathlib.Path(folder).name for folder in removed], ids[1:])
        self.assertEqual(self.listed(), [])

    def at_terminal(self, typed, *arguments):
        leader, follower = pty.openpty()
        with subprocess.Popen([str(BINARY), *arguments], env=self.program.environment(), stdin=follower,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            os.write(leader, typed)
            process.communicate(timeout=60)
        os.close(leader)
        os.close(follower)
        return process.returncode


class FolderTest(RunsTestCase):
    def with_tmpfs(self, size, *commands):
        """Runs the commands in a sandbox where the run folder is a small disk of its own."""
        mount = ["--size", str(size), "--tmpfs", str(self.folder)] if size else ["--tmpfs", str(self.folder)]
        return subprocess.run(["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", *mount, "sh", "-c", " && ".join(commands)],
                              env=self.program.environment(), cwd=self.program.home, capture_output=True, timeout=120)

    def test_a_mount_point_holds_one_run_after_another(self):
        self.folder.mkdir()
        for name in ("one", "two"):
            (self.program.home / name).write_text(name)
        done = self.with_tmpfs(0, f"{BINARY} render one --out {self.folder}", f"{BINARY} render two --out {self.folder}",
                               f"cat {self.folder}/answer.txt; echo", f"{BINARY} runs remove --yes {self.folder}", f"ls -A {self.folder}")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("two", done.stdout.decode().splitlines())

    def test_a_full_disk_is_an_error_and_keeps_what_was_finished(self):
        self.folder.mkdir()
        (self.program.home / "long").write_text(f"{SEARCH}\n\n" + "Words. " * 30_000 + f"\n\n{SLOW % 60}\n")
        begin = time.monotonic()
        done = self.with_tmpfs(160_000, f"({BINARY} render long --tools code,edit --out {self.folder}; echo code $?)",
                               f"head -c 60 {self.folder}/events.jsonl")
        out = done.stdout.decode()
        self.assertIn("No space left", done.stderr.decode())
        self.assertRegex(out, r"code [13]\b")
        self.assertIn("run_started", out)
        self.assertLess(time.monotonic() - begin, 30, "it must not draw what cannot be kept")

    def test_replay_replaces_an_older_run(self):
        self.run_program("render", "-", "--out", self.folder, input=PLOT.encode())
        copy = self.program.home / "copy"
        self.run_program("render", "-", "--out", copy, input=b"older")
        self.run_program("replay", self.folder, "--out", copy)
        self.assertEqual(self.tree(copy), self.tree(self.folder))
        # Into itself it is a replay in place, and never into a folder around it.
        self.run_program("replay", self.folder, "--out", self.folder)
        self.assertEqual(self.tree(copy), self.tree(self.folder))
        shutil.move(self.folder, copy / "inner")
        self.run_program("replay", copy / "inner", "--out", copy, code=2)
        self.assertTrue((copy / "inner/document.html").exists())

    def tree(self, folder):
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def test_a_folder_in_which_a_run_never_began_is_free(self):
        self.folder.mkdir()
        (self.folder / "events.jsonl.Ab12Cd").write_text('{"at_ms":0,"type":"run_st')
        self.run_program("render", "-", "--out", self.folder, input=b"Text.")
        self.assertFalse((self.folder / "events.jsonl.Ab12Cd").exists())


class ExtremesTest(RunsTestCase):
    def test_ten_thousand_tags(self):
        tags = [SEARCH, EDIT, '<imgen>{oops}</imgen>', '<imgen>{"source": "diffusion", "description": "D", "params": {"prompt": "x"}}</imgen>'] * 2500
        path = self.program.home / "many.md"
        path.write_text("\n\nText.\n\n".join(tags))
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        begin = time.monotonic()
        done = self.run_program("render", path, "--out", self.folder)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertLess(max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss), 1_500_000)
        document = self.document()
        self.assertEqual(document["counts"]["figures"], 10_000)
        stages = self.statuses()
        self.assertEqual(stages[:4], ["ready", "ready", "parse", "tool"])
        faults = {figure["fault"]["message"] for figure in figures(document)[-4:]}
        self.assertEqual(faults, {"the budget of 200 pictures is used up (budget.pictures)"})
        self.assertIn("of 10000 figures failed", done.err)

    def test_a_prompt_of_a_megabyte(self):
        prompt = "All about elephants and their ears. " * 29_000
        done = self.run_program("write", "-", "--model", self.script("# Ears\n\nText.\n"), "--out", self.folder, input=prompt)
        self.assertEqual(self.document()["prompt"], prompt)
        self.assertLess(len(done.err), 2000)
        self.run_program("write", "-", "--figures", "1", "--seed", "1", "--out", self.folder, input=prompt)
        self.assertEqual(self.document()["counts"]["figures"], 1)

    def test_a_deadline_of_a_millisecond(self):
        for flags in (["--model", self.script("Text.\n", {"delay_ms": 50, "text": PLOT})], []):
            self.run_program("write", "Elephants", "--deadline", "1ms", "--out", self.folder, *flags)
            self.assertEqual((self.document()["status"], self.document()["reason"]), ("partial", "the deadline passed"))
            self.assertTrue((self.folder / "document.html").exists())
        self.run_program("render", "-", "--deadline", "1ms", "--out", self.folder, input=SEARCH.encode())
        self.assertEqual(self.statuses(), ["timeout"])

    def test_two_interrupts_end_at_once(self):
        process = self.start_until(self.has_figures(1), "render", "-", "--out", self.folder, input=f"{PLOT}\n\n{SLOW % 60}".encode())
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=10), 130)
        self.run_program("replay", self.folder)
        self.assertEqual(self.statuses()[0], "ready")

    def test_a_reader_that_goes_away_ends_nothing(self):
        for flags, stream in ((["--json"], "stdout"), ([], "stderr")):
            process = self.program.start("render", "-", "--out", self.folder, *flags)
            getattr(process, stream).close()
            out, _ = process.communicate((f"{PLOT}\n\n" * 3).encode(), timeout=60)
            self.assertIn(process.returncode, (0, 1), stream)
            self.assertEqual(self.document()["status"], "complete")
            self.assertEqual(self.statuses(), ["ready"] * 3)
            self.assertTrue((self.folder / "document.html").exists())

    def test_standard_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(BINARY), "parse", "-"], input=b"text", stdout=full, stderr=subprocess.PIPE, env=self.program.environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"standard output", done.stderr)


class FigureCountTest(RunsTestCase):
    def test_fewer_pictures_than_asked_for_are_told(self):
        notices = ((["--figures", "3"], PLOT, "3 pictures were asked for, but the document has 1"),
                   (["--figures", "1"], "Text.", "1 picture was asked for, but the document has none"),
                   (["--figures", "some"], "Text.", "at least one picture was asked for, but the document has none"))
        for flags, answer, notice in notices:
            done = self.run_program("write", "x", "--model", self.script(answer), "--out", self.folder, *flags)
            self.assertIn(notice, done.err)
        for flags in (["--figures", "1"], ["--figures", "some"], ["--figures", "any"]):
            done = self.run_program("write", "x", "--model", self.script(PLOT), "--out", self.folder, *flags)
            self.assertNotIn("asked for", done.err)


if __name__ == "__main__":
    unittest.main()
