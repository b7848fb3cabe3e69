"""`llmi eval`, through the real program: a scripted model writes, a judge that says what it is told to marks."""

import contextlib
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import ChatFake  # noqa: E402
from program import Program  # noqa: E402


def plot(description):
    return "<imgen>" + json.dumps({"source": "code", "description": description, "params": {"code": "plt.plot([1, 2])"}}) + "</imgen>"


class EvalTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.folder = self.program.home
        self.out = self.folder / "out"

    def script(self, name, answers):
        file = self.folder / name
        file.write_text(json.dumps([[{"text": answer}] for answer in answers]))
        return f"scripted:{file}"

    def items(self, items, name="items.json"):
        file = self.folder / name
        file.write_text(json.dumps(items) if name.endswith(".json") else "".join(json.dumps(item) + "\n" for item in items))
        return file

    def eval(self, *arguments, out=None, code=0):
        done = self.program.run("eval", *arguments, "--out", out or self.out)
        self.assertEqual(done.code, code, done.err)
        return done

    def results(self, out=None):
        return json.loads(((out or self.out) / "results.json").read_text())

    ITEMS = [{"prompt": "Foxes", "r1": "It is about foxes.", "r2": "It has a plot."}, {"prompt": "Owls", "r1": "It is about owls.", "r2": "It has a plot."}]
    ANSWERS = ["# Foxes\n\nRed.\n\n" + plot("Foxes by year"), "# Owls\n\nQuiet."]

    @contextlib.contextmanager
    def judge(self, *verdicts):
        """A server that gives the verdicts in turn, then the last one for ever; its name in the configuration."""
        answers = [verdict if isinstance(verdict, str) else json.dumps({"reason": "seen", **verdict}) for verdict in verdicts]
        with ChatFake("openai", answers, vision=True) as fake:
            self.program.write_config(f'[servers.judge]\nurl = "{fake.url}"\nvision = "yes"\n')
            yield "judge"

    def marks(self, *scores):
        return self.judge(*({"score": score} if isinstance(score, int) else score for score in scores))

    def test_llmi_bench_from_items_to_report(self):
        with self.marks(2, 2, 1, 0) as judge:
            self.eval("llmi-bench", "--in", self.items(self.ITEMS), "--model", self.script("model.json", self.ANSWERS), "--judge", judge, "--seed", 3)
        official = json.loads((self.out / "json_results" / "evaluation_results.json").read_text())
        self.assertEqual([set(row) for row in official], [{"sample_index", "prompt", "answer", "scores", "justifications"}] * 2)
        self.assertEqual([row["scores"] for row in official], [{"r1": 2, "r2": 2}, {"r1": 1, "r2": 0}])
        self.assertEqual(official[0]["answer"], self.ANSWERS[0])
        results = self.results()
        self.assertEqual(results["seed"], 3)
        self.assertAlmostEqual(results["headline"]["score of 10"], 6.25)
        self.assertEqual(results["measures"]["tool_accuracy"]["value"], 1)
        self.assertLessEqual(results["measures"]["score"]["low"], 0.625)
        report = (self.out / "report.html").read_text()
        for part in ("Foxes by year", "It has a plot.", "runs/items-001/figures/01-"):
            self.assertIn(part, report)

    def test_a_judge_that_fails_is_missing_and_can_be_asked_again(self):
        items, model = self.items(self.ITEMS), self.script("model.json", self.ANSWERS)
        # The last mark stays unreadable when it is asked for again.
        with self.marks(2, 2, 1, "Two, I think.") as judge:
            done = self.eval("llmi-bench", "--in", items, "--model", model, "--judge", judge, "--seed", 3, code=3)
        self.assertIn("1 of 2 samples lack marks", done.err)
        results = self.results()
        self.assertEqual(results["measures"]["score"], {"value": 1.0, "low": 1.0, "high": 1.0, "samples": 1, "missing": 1})
        self.assertEqual(results["marks"], {"asked": 4, "missing": 1})
        official = json.loads((self.out / "json_results" / "evaluation_results.json").read_text())
        self.assertEqual(official[1]["scores"], {"r1": 1, "r2": -1})
        calls = json.loads((self.out / "samples" / "items-002.json").read_text())["judge_calls"]
        self.assertEqual(json.loads(calls[0]["reply"]), {"reason": "seen", "score": 1})
        self.assertEqual((calls[0]["prompt_id"], set(calls[1])), ("llmi-bench-criterion/1", {"prompt_id", "error"}))
        self.assertIn("Two, I think.", calls[1]["error"])
        # No model answer is left in the script: nothing is written again.
        with self.marks(0, 1) as judge:
            self.eval("llmi-bench", "--in", items, "--model", self.script("empty.json", []), "--judge", judge, "--resume")
        self.assertEqual(self.results()["measures"]["score"]["value"], (1 + 0.25) / 2)

    def test_what_the_model_could_not_write_is_reported_and_resumed(self):
        items = self.items(self.ITEMS)
        done = self.eval("llmi-bench", "--in", items, "--model", self.script("model.json", self.ANSWERS[:1]), code=3)
        self.assertIn("items-002: nothing was written", done.err)
        self.assertEqual([failure["id"] for failure in self.results()["failed"]], ["items-002"])
        refused = self.eval("llmi-bench", "--in", items, "--model", self.script("more.json", self.ANSWERS[1:]), code=2)
        self.assertIn("--resume", refused.err)
        self.eval("llmi-bench", "--in", items, "--model", self.script("more.json", self.ANSWERS[1:]), "--resume")
        self.assertEqual(self.results()["written"], 2)

    def test_in_domain_compares_two_models(self):
        rows = [{"prompt": [{"role": "user", "content": "Plot foxes."}], "images": [], "data_source": "interleaved",
                 "extra_info": {"split": "test", "index": n, "image_num": 1, "tools": ["code"], "question": "Plot foxes.", "id": f"t{n}"}} for n in range(2)]
        items = self.items(rows, "rows.jsonl")
        self.eval("in-domain", "--in", items, "--model", self.script("good.json", [self.ANSWERS[0]] * 2))
        worse = self.folder / "worse"
        self.eval("in-domain", "--in", items, "--model", self.script("bad.json", [self.ANSWERS[1]] * 2), out=worse)
        self.assertEqual(self.results()["measures"]["right_tool"]["value"], 1)
        self.assertEqual(self.results(worse)["measures"]["missing_pictures"]["value"], 1)
        done = self.program.run("eval", "compare", worse, self.out, "--json")
        row = json.loads(done.out)["count_match"]
        self.assertEqual({key: row[key] for key in ("first", "second", "low", "high", "samples")}, {"first": 0, "second": 1, "low": 1, "high": 1, "samples": 2})

    def test_plans_run_no_tool(self):
        with self.judge({"right_calls": 1, "missed_images": 2, "plan_quality": 60}) as judge:
            self.eval("atp", "--in", self.items([{"id": "p", "query": "Foxes"}], "plans.jsonl"), "--model", self.script("model.json", self.ANSWERS[:1]), "--judge", judge)
        self.assertEqual(self.results()["measures"]["call_success"]["value"], 1)
        self.assertEqual(self.results()["measures"]["missed_images"]["value"], 2)
        self.assertFalse((self.out / "runs" / "p" / "figures").exists())
        self.assertEqual(json.loads((self.out / "plans.jsonl").read_text())["calls"][0]["source"], "code")

    def test_opening_hands_in_jpegs_and_fights(self):
        item = {"total_uid": "0101001", "meta_task_id": "01", "meta_task_name": "Story", "subtask_id": "01", "subtask_name": "s", "data_id": "001",
                "conversations": [{"input": [{"text": "Foxes<BEGIN>", "image": None}]}, {"output": [{"text": "Red", "image": "x.jpg"}]}]}
        items = self.items([item], "test_data.jsonl")
        criteria = ("Correctness", "Image-Text Coherency", "Multi-step Consistency", "Content Quality", "Human Preference Alignment", "Completeness", "Content Richness")
        with self.judge(dict.fromkeys(criteria, 7)) as judge:
            self.eval("opening", "--in", items, "--model", self.script("model.json", self.ANSWERS[:1]), "--judge", judge)
        self.assertEqual(self.results()["headline"], {"overall": 7.0})
        folder = self.out / "gen_outputs" / "scripted_output"
        output = json.loads((folder / "0101001.json").read_text())["conversations"][1]["output"]
        self.assertEqual(output, [{"text": "# Foxes\n\nRed.", "image": "0101001-o-0.jpg"}])
        self.assertEqual((folder / "0101001-o-0.jpg").read_bytes()[:2], b"\xff\xd8")
        other = self.folder / "other"
        self.eval("opening", "--in", items, "--model", self.script("model.json", self.ANSWERS[1:]), out=other)
        with self.judge({"verdict": 1}, {"verdict": 4}) as judge:
            done = self.program.run("eval", "battle", self.out, other, "--judge", judge, "--out", self.folder / "battles.json")
        self.assertEqual(done.code, 0, done.err)
        battles = json.loads((self.folder / "battles.json").read_text())
        self.assertEqual([battle["winner"] for battle in battles], ["A", "Tie(B)"])
        self.assertEqual(battles[0]["model_A"], battles[1]["model_B"])

    def test_settings_of_scaling_on_one_table(self):
        rows = [{"prompt": [{"role": "user", "content": "Plot foxes."}], "images": [], "data_source": "interleaved",
                 "extra_info": {"split": "test", "index": n, "image_num": 1, "tools": ["code"], "question": "Plot foxes.", "id": f"t{n}"}} for n in range(2)]
        good, bad = self.ANSWERS[0], "<imgen>{</imgen>"
        # Two plain documents, then two answers for each of two.
        model = self.script("model.json", [bad, bad, bad, good, good, bad])
        done = self.eval("in-domain", "--in", self.items(rows, "rows.jsonl"), "--model", model, "--seed", 5, "--scale", "0,2:candidates+select", "--json")
        table = json.loads(done.out.splitlines()[-1])
        self.assertEqual(table, json.loads((self.out / "scaling.json").read_text()))
        plain, scaled = table["settings"]
        self.assertEqual([plain["scale"], scaled["scale"]], ["0", "2:candidates+select"])
        self.assertEqual([setting["measures"]["right_tool"]["value"] for setting in (plain, scaled)], [0, 1])
        self.assertEqual(scaled["measures"]["right_tool"]["against_first"], {"difference": 1, "low": 1, "high": 1, "samples": 2})
        self.assertGreater(scaled["measures"]["rules_reward"]["value"], plain["measures"]["rules_reward"]["value"])
        self.assertGreater(scaled["measures"]["completion_tokens"]["value"], plain["measures"]["completion_tokens"]["value"])
        self.assertIn("<svg", (self.out / "scaling.svg").read_text())
        self.assertIn("scaling.svg", (self.out / "scaling.html").read_text())
        report = json.loads((self.out / "scale-2-candidates-select" / "runs" / "t0" / "scale.json").read_text())
        self.assertEqual([candidate["status"] for candidate in report["candidates"]], ["kept", "chosen"])
        # Nothing is written twice: the script is empty.
        again = self.eval("in-domain", "--in", self.items(rows, "rows.jsonl"), "--model", self.script("empty.json", []), "--seed", 5,
                          "--scale", "0,2:candidates+select", "--resume", "--json")
        self.assertEqual(json.loads(again.out.splitlines()[-1]), table)
        # Both documents have one plot: the second has it from the cache, in each setting anew.
        done = self.eval("in-domain", "--in", self.items(rows, "rows.jsonl"), "--model", self.script("good.json", [good] * 4), "--seed", 5,
                         "--scale", "0,1:candidates", "--json", out=self.folder / "apart")
        settings = json.loads(done.out.splitlines()[-1])["settings"]
        self.assertEqual([setting["measures"]["tool_calls"]["value"] for setting in settings], [0.5, 0.5])
        for scale in ("2:paint", "many", "1,1"):
            self.assertIn("--scale", self.eval("in-domain", "--in", self.items(rows, "rows.jsonl"), "--model", model, "--scale", scale, code=2).err)

    def test_wrong_usage_is_named(self):
        self.assertEqual(self.program.run("eval", "isg", "--out", self.out).code, 2)
        bad = self.items([{"prompt": "a"}, {"r1": "b"}])
        self.assertIn("item 2", self.eval("llmi-bench", "--in", bad, "--model", self.script("m.json", []), code=2).err)
        self.assertIn("no-such-model", self.eval("llmi-bench", "--in", self.items(self.ITEMS), "--model", self.script("m.json", []), "--judge", "no-such-model", code=2).err)


if __name__ == "__main__":
    unittest.main()
