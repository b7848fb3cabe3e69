"""Writing with a model behind a chat server: every kind, every oddity of their streams, outages and secrets."""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import MODEL, ChatFake  # noqa: E402
from fakes.server import Reply  # noqa: E402
from program import Program  # noqa: E402

PLOT = '<imgen>{"source": "code", "description": "Two bars", "params": {"code": "plt.bar([\'a\', \'b\'], [1, 2])"}}</imgen>'
ANSWER = f"# Bars\n\nTwo bars stand side by side – naïvely.\n\n{PLOT}\n\nThe end."
KINDS = ("openai", "llama-server", "vllm", "sglang", "ollama")


class ChatServerTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.out = self.program.home / "out"

    def write(self, *arguments, env=None, prompt="Two bars"):
        return self.program.run("write", prompt, "--out", self.out, "--tools", "code,edit", *arguments, env=env)

    def document(self):
        return json.loads((self.out / "document.json").read_text())

    def assert_whole(self, done):
        self.assertEqual(done.code, 0, done.err)
        document = self.document()
        self.assertEqual(document["status"], "complete")
        self.assertEqual(document["counts"], {"figures": 1, "ready": 1, "failed": 0})
        return document

    def test_every_kind_by_its_url(self):
        for kind in KINDS:
            for suffix in ("", "/v1"):
                with self.subTest(kind=kind, suffix=suffix), ChatFake(kind, [ANSWER]) as server:
                    document = self.assert_whole(self.write("--model", f"{server.url}{suffix}#{MODEL}"))
                    self.assertEqual(document["model"], MODEL)
                    self.assertEqual(document["answer"], ANSWER)
                    self.assertEqual((document["usage"]["prompt_tokens"], document["usage"]["completion_tokens"]), (11, 22))

    def test_tags_are_constrained_where_the_server_can(self):
        for kind, key in (("llama-server", "grammar_lazy"), ("vllm", "response_format"), ("sglang", "response_format")):
            with self.subTest(kind=kind), ChatFake(kind, [ANSWER]) as server:
                self.assert_whole(self.write("--model", f"{server.url}#{MODEL}"))
                body = server.asked("/v1/chat/completions")[0].json
                self.assertIn(key, body)
                if key == "response_format":
                    tag = body[key]["format"]["tags"][0]
                    self.assertEqual((tag["begin"], tag["end"]), ("<imgen>", "</imgen>"))

    def test_oddities_of_streams(self):
        for oddity in ("comments", "empty_choices", "no_done", "no_finish", "reasoning", "null_content", "whole"):
            with self.subTest(oddity=oddity), ChatFake("openai", [ANSWER], oddities={oddity}) as server:
                self.assert_whole(self.write("--model", f"{server.url}#{MODEL}"))

    def test_thoughts_are_kept_in_the_answer_and_not_in_the_document(self):
        with ChatFake("vllm", [ANSWER], oddities={"reasoning"}) as server:
            self.assert_whole(self.write("--model", f"{server.url}#{MODEL}"))
        self.assertIn("<think>Let me think", (self.out / "answer.txt").read_text())
        self.assertNotIn("Let me think", (self.out / "document.md").read_text())

    def test_a_stream_that_breaks_gives_a_partial_run_and_exit_code_3(self):
        long = ANSWER + "\n\n" + "More text follows here. " * 40
        for oddity in ("error_inside", "cut"):
            with self.subTest(oddity=oddity), ChatFake("openai", [long], oddities={oddity}, delay=0.01) as server:
                done = self.write("--model", f"{server.url}#{MODEL}")
                self.assertEqual(done.code, 3, done.err)
                document = self.document()
                self.assertEqual(document["status"], "partial")
                self.assertTrue(document["answer"].startswith("# Bars"))
                self.assertTrue((self.out / "document.html").exists())

    def test_servers_of_the_configuration(self):
        with ChatFake("openai", [ANSWER], key="sk-canary-77") as server:
            self.program.write_config(f'[servers.mine]\nurl = "{server.url}/v1"\napi_key_env = "MY_KEY"\nmodel = "{MODEL}"\n')
            env = {"MY_KEY": "sk-canary-77"}
            for name in ("mine", f"mine#{MODEL}", f"{server.url}#{MODEL}"):
                with self.subTest(name=name):
                    self.assert_whole(self.write("--model", name, env=env))
            missing = self.write("--model", "mine")
            self.assertEqual(missing.code, 2)
            self.assertIn("MY_KEY", missing.err)
            wrong = self.write("--model", "mine", env={"MY_KEY": "sk-canary-wrong"})
            self.assertEqual(wrong.code, 3)
            self.assertNotIn("canary", wrong.err)
        self.assertFalse([path for path in self.program.home.rglob("*") if path.is_file() and b"sk-canary" in path.read_bytes()])

    def test_retries(self):
        busy = Reply(429, {"error": {"message": "slow down"}}, {"Retry-After": "0"})
        with ChatFake("openai", [ANSWER], failures=[busy, Reply(503, b"", {"Retry-After": "0"})]) as server:
            self.assert_whole(self.write("--model", f"{server.url}#{MODEL}"))
            self.assertEqual(server.chats, 3)
        with ChatFake("openai", [ANSWER], failures=[Reply(400, {"error": {"message": "context too long"}})]) as server:
            done = self.write("--model", f"{server.url}#{MODEL}")
            self.assertEqual((done.code, server.chats), (3, 1))
            self.assertIn("context too long", done.err)

    def test_no_server(self):
        begin = time.monotonic()
        done = self.write("--model", "http://127.0.0.1:9#m")
        self.assertEqual(done.code, 3)
        self.assertIn("http://127.0.0.1:9", done.err)
        self.assertLess(time.monotonic() - begin, 20)
        self.assertEqual(self.write("--model", "ftp://x#m").code, 2)

    def test_an_interrupt_and_a_deadline_keep_the_partial_run(self):
        with ChatFake("openai", [ANSWER + " word" * 400], delay=0.05) as server:
            done = self.write("--model", f"{server.url}#{MODEL}", "--deadline", "2s")
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual(self.document()["status"], "partial")

    def test_a_faulty_tag_goes_back_to_the_server_for_repair(self):
        faulty = '# Bars\n\n<imgen>{"source": "code", "description": "Two bars", "params": {"code": ""}}</imgen>\n'
        for kind in ("openai", "vllm"):
            with self.subTest(kind=kind), ChatFake(kind, [faulty, PLOT]) as server:
                document = self.assert_whole(self.write("--model", f"{server.url}#{MODEL}"))
                self.assertEqual(server.chats, 2)
                self.assertEqual(len(document["blocks"][-1]["repairs"]), 1)

    def test_a_model_that_sees_judges_the_pictures(self):
        better = PLOT.replace("[1, 2]", "[3, 4]")
        for verdicts, judged, plotted in ((["ACCEPT"], 1, "[1, 2]"), ([better, "ACCEPT"], 1, "[3, 4]"), (["<imgen>{broken"], 1, "[1, 2]")):
            with self.subTest(verdicts=verdicts), ChatFake("openai", [ANSWER, *verdicts]) as server:
                self.program.write_config(f'[servers.eyes]\nurl = "{server.url}"\nmodel = "{MODEL}"\nvision = "yes"\n')
                document = self.assert_whole(self.write("--model", "eyes", env={"LLMI_AGENT_MAX_CRITIC_RETRIES": "1"}))
                self.assertEqual(server.chats, 1 + judged)
                shown = server.asked("/v1/chat/completions")[1].json["messages"][-1]["content"]
                self.assertTrue(shown[0]["image_url"]["url"].startswith("data:image/png;base64,"))
                figure = next(block for block in document["blocks"] if block["type"] == "figure")
                self.assertIn(plotted, figure["params"]["code"])
                self.assertEqual(len(figure.get("repairs", [])), 1 if plotted == "[3, 4]" else 0)

    def test_a_worse_wish_leaves_the_first_picture(self):
        worse = PLOT.replace("plt.bar", "plt.no_such_plot")
        with ChatFake("openai", [ANSWER, worse, "no tag"]) as server:
            self.program.write_config(f'[servers.eyes]\nurl = "{server.url}"\nmodel = "{MODEL}"\nvision = "yes"\n')
            self.assert_whole(self.write("--model", "eyes", env={"LLMI_AGENT_MAX_CRITIC_RETRIES": "1", "LLMI_AGENT_MAX_REPAIRS": "0"}))

    def test_input_pictures_reach_a_model_that_sees(self):
        from fakes.search import picture
        photo = self.program.home / "photo.png"
        photo.write_bytes(picture(3000, 1500))
        for vision, parts in (("yes", 2), ("no", 0)):
            with ChatFake("openai", [ANSWER]) as server:
                self.program.write_config(f'[servers.eyes]\nurl = "{server.url}"\nmodel = "{MODEL}"\nvision = "{vision}"\n')
                done = self.write("--model", "eyes", "--image", photo)
                self.assert_whole(done)
                content = server.asked("/v1/chat/completions")[0].json["messages"][-1]["content"]
                self.assertEqual(len(content) if isinstance(content, list) else 0, parts)
                self.assertEqual("cannot see" in done.err, vision == "no")


if __name__ == "__main__":
    unittest.main()
