"""Test-time scaling: candidates, validation, selection, enhancement, polish, each alone and together, under one budget."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import MODEL, ChatFake  # noqa: E402
from program import Program  # noqa: E402


def tag(source, description, **params):
    return "<imgen>" + json.dumps({"source": source, "description": description, "params": params}) + "</imgen>"


GOOD = "plt.bar(['a', 'b'], [1, 2])"
POOR = "# Bars\n\nBars.\n\n" + tag("code", "Two bars", code=GOOD) + "\n"
INVALID = POOR + "\n<imgen>{nonsense}</imgen>\n"
RICH = ("# Bars\n\nTwo bars stand side by side; the second one is twice as high as the first.\n\n"
        + tag("code", "Two bars side by side", code=GOOD) + "\n\nA chart of bars shows amounts by their heights.\n")
FAILING = RICH.replace(GOOD, "plt.nothing()")
POLISHED = ("# Bars\n\nTwo bars stand side by side: the second one is twice as high as the first, which the chart shows at a glance.\n\n"
            "[[figure 1: Two bars side by side, the second twice as high]]\n\nA chart of bars shows amounts by their heights.\n")


class ScaleTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.out = self.program.home / "out"

    def write(self, answers, *arguments, code=0, script=True):
        file = self.program.home / "script.json"
        file.write_text(json.dumps([[{"text": answer}] for answer in answers]))
        model = ("--model", f"scripted:{file}") if script else ()
        done = self.program.run("write", "Two bars", "--out", self.out, "--tools", "code,edit", "--seed", "7", *model, *arguments)
        self.assertEqual(done.code, code, done.err)
        return done

    def document(self):
        return json.loads((self.out / "document.json").read_text())

    def report(self):
        return json.loads((self.out / "scale.json").read_text())

    def stages(self):
        return {stage["stage"]: stage for stage in self.report()["stages"]}

    def figures(self):
        return [block for block in self.document()["blocks"] if block["type"] == "figure"]

    def test_all_stages_together(self):
        done = self.write([POOR, INVALID, RICH, POLISHED], "--scale", "3")
        document = self.document()
        self.assertIn("at a glance", document["answer"])
        self.assertEqual(document["counts"], {"figures": 1, "ready": 1, "failed": 0})
        self.assertEqual(self.figures()[0]["description"], "Two bars side by side, the second twice as high")
        self.assertEqual([c["status"] for c in self.report()["candidates"]], ["kept", "dropped", "chosen"])
        stages = self.stages()
        self.assertEqual(list(stages), ["candidates", "validate", "select", "make", "enhance", "polish"])
        self.assertGreater(stages["select"]["gain"], 0)
        self.assertGreater(stages["polish"]["gain"], 0)
        self.assertEqual(document["usage"]["model_calls"], 4)
        self.assertEqual(document["usage"]["tool_calls"], 1)
        self.assertEqual(self.report()["total"]["model_calls"], 4)
        self.assertIn("selector: rules", done.err)
        # The run is one like any other.
        before = {file.name: file.read_bytes() for file in self.out.iterdir() if file.is_file()}
        self.assertEqual(self.program.run("replay", self.out).code, 0)
        self.assertEqual(before, {file.name: file.read_bytes() for file in self.out.iterdir() if file.is_file()})

    def test_stages_alone(self):
        self.write([POOR, RICH], "--scale", "2", "--scale-stages", "candidates,select")
        self.assertEqual(self.document()["answer"], RICH)
        self.assertEqual(list(self.stages()), ["candidates", "select", "make"])
        self.write([INVALID, POOR], "--scale", "2", "--scale-stages", "candidates,validate")
        self.assertEqual(self.document()["answer"], POOR)
        self.write([POOR, POLISHED], "--scale", "1", "--scale-stages", "polish")
        self.assertIn("at a glance", self.document()["answer"])
        again = [tag("code", "Two bars", code="plt.nowhere()"), tag("code", "Two bars", code=GOOD)]
        self.write([FAILING, *again], "--scale", "1", "--scale-stages", "enhance")
        self.assertEqual([f["status"] for f in self.figures()], ["ready"])
        self.assertEqual(self.document()["usage"]["model_calls"], 3)

    def test_no_stage_is_the_plain_document(self):
        self.write([RICH])
        plain = {name: (self.out / name).read_bytes() for name in ("answer.txt", "document.md", "document.html")}
        self.assertFalse((self.out / "scale.json").exists())
        self.write([RICH], "--scale", "1", "--scale-stages", "validate")
        self.assertEqual(plain, {name: (self.out / name).read_bytes() for name in plain})
        self.write([RICH, RICH], "--scale", "2", "--scale-stages", "candidates")
        self.assertEqual(plain, {name: (self.out / name).read_bytes() for name in plain})

    def test_a_plain_run_replaces_a_scaled_one_whole(self):
        self.write([RICH], "--scale", "1", "--scale-stages", "validate")
        self.assertTrue((self.out / "scale.json").exists())
        self.write([RICH])
        self.assertFalse((self.out / "scale.json").exists())

    def test_json_and_dry_runs(self):
        done = self.write([POOR, RICH], "--scale", "2", "--scale-stages", "candidates,select", "--json")
        lines = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual([lines[0]["type"], lines[-2]["type"], lines[-1]["type"]], ["run_started", "scale", "result"])
        done = self.write([POOR, RICH], "--scale", "2", "--dry-run", "--json")
        lines = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual([line["type"] for line in lines], ["scale", "plan"])
        self.assertEqual(lines[1]["figures"][0]["description"], "Two bars side by side")

    def test_one_budget_for_all_stages(self):
        self.program.write_config("[budget]\nmodel_tokens = 50\n")
        with ChatFake("openai", [POOR]) as chat:
            self.write([], "--model", f"{chat.url}#{MODEL}", "--scale", "8", script=False)
            # The fake counts 22 written tokens a reply.
            self.assertEqual(len(chat.asked("/v1/chat/completions")), 2)
        self.assertIn("2 of 8 answers", self.stages()["candidates"]["note"])
        self.assertLessEqual(self.document()["usage"]["completion_tokens"], 50)

    def test_a_judge_selects_and_is_paid_from_the_budget(self):
        marks = [json.dumps({"reason": "", "text": mark, "image": mark, "needs_pictures": True}) for mark in (5, 2)]
        with ChatFake("openai", marks) as judge:
            self.program.write_config(f'[servers.judge]\nurl = "{judge.url}"\nprice_output = 10.0\n')
            self.write([POOR, RICH], "--scale", "2", "--scale-stages", "candidates,select", "--llm-judge", f"judge#{MODEL}")
            # Of the document, whose text it has marked already, it is not asked again.
            self.assertEqual(len(judge.asked("/v1/chat/completions")), 2)
        self.assertEqual(self.document()["answer"], POOR)
        self.assertEqual(self.report()["selector"], MODEL)
        self.assertAlmostEqual(self.report()["score"], 1.0)
        self.assertAlmostEqual(self.stages()["select"]["cost"], 2 * 22 * 10 / 1e6)
        self.assertEqual(self.document()["usage"]["model_calls"], 4)

    def test_without_a_judges_word_the_first_answer_stays(self):
        with ChatFake("openai", ["I like it"]) as judge:
            self.write([POOR, RICH], "--scale", "2", "--scale-stages", "candidates,select", "--llm-judge", f"{judge.url}#{MODEL}")
        self.assertEqual(self.document()["answer"], POOR)
        self.assertIn("no verdict", self.stages()["select"]["note"])

    def test_wrong_stages_are_refused(self):
        done = self.write([RICH], "--scale", "2", "--scale-stages", "guess", code=2)
        self.assertIn("scale-stages", done.err)

    def test_the_embedded_model_offline(self):
        self.write([], "--scale", "3", "--figures", "1", script=False)
        report = self.report()
        self.assertEqual(len(report["candidates"]), 3)
        self.assertEqual(self.document()["counts"]["ready"], 1)
        self.assertEqual(self.document()["seed"], next(c["seed"] for c in report["candidates"] if c["status"] == "chosen"))
        self.assertIn("guided", self.stages()["polish"]["note"])
        # Different seeds write different documents.
        self.assertGreater(len({c["reason"] for c in report["candidates"]}), 1)


if __name__ == "__main__":
    unittest.main()
