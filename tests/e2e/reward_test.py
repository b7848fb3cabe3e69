"""`llmi reward`: samples in, scores out, with real pictures, the real sandbox and judges behind a chat server."""

import base64
import json
import pathlib
import signal
import sys
import time
import unittest

from program import Program

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.judge import GOOD, JudgeFake

PNG = "data:image/png;base64," + base64.b64encode(base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")).decode()


def tag(source, **params):
    return "<imgen>" + json.dumps({"source": source, "description": "a thing", "params": params}) + "</imgen>"


CODE = tag("code", code="plt.bar(['a', 'b'], [1, 2])")
SEARCH = tag("search", query="lake")


def sample(**fields):
    return {"id": "s", "prompt": "Tell of lakes.", "answer": f"# Lakes\n\nLakes are old.\n\n{SEARCH}\n\nAnd deep.\n\n{CODE}\n",
            "image_num": 2, "tools": ["search", "code"],
            "pictures": [{"index": 0, "status": "ready", "data_uri": PNG}, {"index": 1, "status": "failed", "fault": {"stage": "tool", "message": "m"}}],
            **fields}


class RewardTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def score(self, rows, *flags, fake=None, code=0, **options):
        file = self.program.home / "samples.jsonl"
        file.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
        judges = () if fake is None else ("--llm-judge", f"{fake.url}#text-judge", "--mllm-judge", f"{fake.url}#picture-judge")
        done = self.program.run("reward", "--in", file, "--out", "-", *judges, *flags, **options)
        self.assertEqual(done.code, code, done.err)
        return [json.loads(line) for line in done.out.splitlines()]

    def test_the_published_formula(self):
        with JudgeFake() as fake:
            [row] = self.score([sample()], "--variant", "paper", "--seed", "7", fake=fake)
            self.assertEqual(row["status"], "ok")
            self.assertAlmostEqual(row["score"], 0.2 * 0.5 + 0.3 * 0.5 * 5 / 6 + 0.5 * 0.675)
            self.assertEqual(row["marks"], {"text": 4, "image": 3, "image_quality": 4, "task_relevance": 5, "text_image_relevance": 4})
            self.assertEqual(row["counts"], {"wanted": 2, "tags": 2, "valid": 2, "failed": 1})
            self.assertEqual(row["judges"]["llm"]["model"], "text-judge")
            for model in ("text-judge", "picture-judge"):
                [asked] = fake.asked(model)
                self.assertEqual(asked["seed"], 7)
                self.assertIn("untrusted data", json.dumps(asked["messages"]))
                self.assertEqual(asked["response_format"]["type"], "json_schema")
            parts = fake.asked("picture-judge")[0]["messages"][-1]["content"]
            self.assertEqual([part["type"] for part in parts], ["text", "image_url", "text"])

    def test_without_judges_the_rules_score(self):
        rows = self.score([sample(), sample(id="t", image_num=1)], "--variant", "paper")
        self.assertEqual([(row["id"], row["status"], row["score"]) for row in rows], [("s", "rules_only", 0.5), ("t", "rules_only", 1)])

    def test_tags_without_pictures_are_run(self):
        row = sample()
        del row["pictures"]
        [scored] = self.score([row], "--variant", "paper", env={"LLMI_SEARCH_PROVIDERS": "local"})
        self.assertEqual(scored["counts"], {"wanted": 2, "tags": 2, "valid": 2, "failed": 0})
        self.assertEqual(scored["tools"]["used"], {"search": {"total": 1, "success": 1}, "code": {"total": 1, "success": 1}})

    def test_a_tool_that_cannot_be_reached_is_no_score(self):
        row = sample(answer="Old.\n\n" + tag("diffusion", prompt="a lake at night"), image_num=1)
        del row["pictures"]
        env = {"LLMI_DIFFUSION_BACKEND": "openai", "LLMI_DIFFUSION_URL": "http://127.0.0.1:9"}
        [scored] = self.score([row], code=3, env=env)
        self.assertEqual((scored["status"], scored["score"]), ("unavailable", None))
        self.assertIn("cannot be reached", scored["error"]["message"])

    def test_an_outage_is_never_a_score(self):
        for down, status in ((["picture-judge"], "degraded"), (["text-judge", "picture-judge"], "unavailable")):
            for variant in ("paper", "strict"):
                with JudgeFake(down=down) as fake:
                    rows = self.score([sample(), sample(id="t", image_num=-1, answer="Only text.", pictures=[])], "--variant", variant,
                                      "--judge-retries", "0", fake=fake, code=3)
                    self.assertEqual([rows[0]["status"], rows[0]["score"]], [status, None])
                    self.assertEqual(rows[0]["error"]["code"], "judge_unavailable")
                    self.assertEqual(rows[1]["judges"]["mllm"], {"status": "rule"})
                    self.assertEqual(rows[1]["status"], "ok" if down == ["picture-judge"] else "unavailable")

    def test_a_judge_that_is_not_there_leaves_every_row(self):
        rows = self.score([sample(id=str(i)) for i in range(5)], "--llm-judge", "http://127.0.0.1:9#x", "--judge-retries", "0", code=3)
        self.assertEqual([row["id"] for row in rows], list("01234"))
        self.assertEqual({row["score"] for row in rows}, {None})

    def test_judges_are_asked_again_after_an_outage(self):
        replies = iter([503, 503])

        class Flaky(JudgeFake):
            def chat(self, request):
                if request.json["model"] == "text-judge" and next(replies, None):
                    self.down = {"text-judge"}
                else:
                    self.down = set()
                return super().chat(request)

        with Flaky() as fake:
            [row] = self.score([sample()], fake=fake)
            self.assertEqual((row["status"], row["judges"]["llm"]["attempts"]), ("ok", 3))

    def test_unreadable_replies(self):
        with JudgeFake(replies={"text-judge": "I cannot say."}) as fake:
            [row] = self.score([sample()], "--variant", "paper", fake=fake)
            self.assertEqual((row["status"], row["judges"]["llm"]["status"]), ("ok", "unreadable"))
            self.assertEqual((row["marks"]["text"], row["marks"]["image"]), (1, 1))
            [row] = self.score([sample()], "--variant", "strict", fake=fake, code=3)
            self.assertEqual((row["status"], row["score"], row["judges"]["llm"]["attempts"]), ("degraded", None, 2))
            self.assertEqual(len(fake.asked("text-judge")), 3)

    def test_an_identical_sample_asks_no_judge_again(self):
        with JudgeFake() as fake:
            rows = self.score([sample(id=str(i)) for i in range(6)], fake=fake)
            self.assertEqual([row["id"] for row in rows], list("012345"))
            self.assertEqual(len({row["score"] for row in rows}), 1)
            self.assertEqual(len(fake.asked("text-judge")), 1)
            self.assertEqual(len(fake.asked("picture-judge")), 1)

    def test_bad_rows_name_line_and_field(self):
        for row, field in ((sample(image_num="two"), "image_num"), (sample(tools=["paint"]), "tools"), ("{", "JSON"), (sample(answer=None), "answer")):
            file = self.program.home / "bad.jsonl"
            file.write_text(json.dumps(sample()) + "\n\n" + (row if isinstance(row, str) else json.dumps(row)) + "\n")
            done = self.program.run("reward", "--in", file)
            self.assertEqual(done.code, 2, done.err)
            self.assertIn("line 3", done.err)
            self.assertIn(field, done.err)
        self.assertEqual(self.program.run("reward", "--in", file, "--variant", "nice").code, 2)
        self.assertEqual(self.program.run("reward").code, 2)

    def test_a_killed_run_is_resumed(self):
        rows = [sample(id=str(i), prompt=f"Lake number {i}") for i in range(12)]
        file, out = self.program.home / "many.jsonl", self.program.home / "scores.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        with JudgeFake(delay=0.2) as fake:
            command = ("reward", "--in", file, "--out", out, "--llm-judge", f"{fake.url}#text-judge", "--mllm-judge", f"{fake.url}#picture-judge",
                       "--judge-concurrency", "2", "--resume")
            first = self.program.start(*command)
            journal = pathlib.Path(str(out) + ".part")
            while not (journal.exists() and journal.read_text().count("\n") >= 4):
                time.sleep(0.05)
            first.kill()
            first.communicate()
            before = len(fake.asked("text-judge"))
            fake.delay = 0
            done = self.program.run(*command)
            self.assertEqual(done.code, 0, done.err)
            self.assertLess(len(fake.asked("text-judge")) - before, 12)
            self.assertEqual([json.loads(line)["id"] for line in out.read_text().splitlines()], [str(i) for i in range(12)])
            self.assertFalse(journal.exists())
            count = len(fake.asked("text-judge"))
            self.assertEqual(self.program.run(*command).code, 0)
            self.assertEqual(len(fake.asked("text-judge")), count)

    def test_an_interruption_ends_it_and_keeps_the_scores(self):
        rows = [sample(id=str(i), prompt=f"River number {i}") for i in range(6)]
        file, out = self.program.home / "rivers.jsonl", self.program.home / "rivers-out.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        slow = lambda request: time.sleep(0 if "number 0" in json.dumps(request) else 20) or GOOD[request["model"]]
        with JudgeFake(replies={"text-judge": slow}) as fake:
            process = self.program.start("reward", "--in", file, "--out", out, "--llm-judge", f"{fake.url}#text-judge",
                                         "--mllm-judge", f"{fake.url}#picture-judge")
            journal = pathlib.Path(str(out) + ".part")
            while not (journal.exists() and journal.read_text().count("\n") == 1):
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            begin = time.monotonic()
            process.communicate(timeout=15)
            self.assertLess(time.monotonic() - begin, 10)
            self.assertEqual(process.returncode, 130)
            self.assertEqual([json.loads(line)["id"] for line in out.read_text().splitlines()], ["0"])

    def test_reverify_asks_nobody(self):
        out, again = self.program.home / "first.jsonl", self.program.home / "again.jsonl"
        with JudgeFake() as fake:
            file = self.program.home / "one.jsonl"
            file.write_text(json.dumps(sample()) + "\n")
            judges = ("--llm-judge", f"{fake.url}#text-judge", "--mllm-judge", f"{fake.url}#picture-judge")
            self.assertEqual(self.program.run("reward", "--in", file, "--out", out, "--variant", "paper", *judges).code, 0)
            strict = self.program.run("reward", "--in", file, "--variant", "strict", *judges)
        self.assertEqual(self.program.run("reward", "--reverify", out, "--out", again).code, 0)
        self.assertEqual(again.read_text(), out.read_text())
        self.assertEqual(self.program.run("reward", "--reverify", out, "--out", again, "--variant", "strict").code, 0)
        self.assertEqual(json.loads(again.read_text())["components"], json.loads(strict.out)["components"])

    def test_a_run_folder_stands_for_answer_and_pictures(self):
        answer, run = self.program.home / "answer.md", self.program.home / "run"
        answer.write_text(sample()["answer"])
        self.assertEqual(self.program.run("render", answer, "--prompt", "Tell of lakes.", "--out", run, env={"LLMI_SEARCH_PROVIDERS": "local"}).code, 0)
        with JudgeFake() as fake:
            [row] = self.score([{"id": "r", "run": str(run), "image_num": 2, "tools": ["search", "code"]}], fake=fake)
            self.assertEqual((row["status"], row["counts"]["failed"]), ("ok", 0))
            self.assertIn("Tell of lakes.", json.dumps(fake.asked("text-judge")[0]))
        self.assertEqual(self.score([{"run": str(self.program.home / "nowhere"), "image_num": 2}], code=2), [])


if __name__ == "__main__":
    unittest.main()
