"""One suite for every kind of picture server: painting and editing, and all that goes wrong with them."""

import json
import pathlib
import signal
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.pictures import BACKENDS, EDIT_WORKFLOW, SEEDED, WORKFLOW  # noqa: E402
from fakes.search import picture  # noqa: E402
from program import Program  # noqa: E402

KEY = "sk-canary"
EXTRA = '<sd_cpp_extra_args>{"seed": 5}</sd_cpp_extra_args>'


class PictureServerTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.out = self.program.home / "out.png"
        self.input = self.program.home / "in.png"
        self.input.write_bytes(picture(320, 240))

    def configure(self, backend, server, extra=""):
        text = ""
        for tool, workflow in (("diffusion", WORKFLOW), ("edit", EDIT_WORKFLOW)):
            path = self.program.home / f"{tool}.json"
            path.write_text(json.dumps(workflow))
            text += f'[{tool}]\nbackend = "{backend}"\nurl = "{server.url}"\napi_key_env = "KEY"\nmodel = "m1"\n{extra}\n'
            text += f'workflow = "{path}"\n' if backend == "comfyui" else ""
        self.program.write_config(text)

    def tool(self, *arguments, code=0):
        done = self.program.run("tool", *arguments, "--out", self.out, "--json", env={"KEY": KEY})
        self.assertEqual(done.code, code, done.err + done.out)
        self.assertNotIn(KEY, done.out + done.err)
        self.assertEqual(self.out.exists(), code == 0)
        self.out.unlink(missing_ok=True)
        return json.loads(done.out)

    def each(self, *modes, **options):
        for backend, fake in BACKENDS.items():
            with self.subTest(backend=backend), fake(modes, key=KEY, **options) as server:
                self.configure(backend, server)
                yield backend, server

    def test_it_paints(self):
        for backend, server in self.each("ok"):
            made = self.tool("diffusion", f"a red fox {EXTRA}", "--seed", "7")
            self.assertEqual((made["width"], made["height"]), (512, 384))
            provenance = made["provenance"]
            self.assertEqual((provenance["tool"], provenance["backend"]), ("diffusion", backend))
            self.assertEqual(provenance["prompt"], "a red fox")
            self.assertEqual(provenance.get("seed"), 7 if backend in SEEDED else None)
            self.assertEqual([job["prompt"] for job in server.jobs], ["a red fox"])

    def test_it_edits_what_is_no_exact_operation(self):
        for backend, server in self.each("ok"):
            made = self.tool("edit", self.input, "turn the sky into a sea of stars")
            self.assertEqual((made["provenance"]["tool"], made["provenance"]["backend"]), ("edit", backend))
            self.assertTrue(server.jobs[0]["picture"].startswith(b"\x89PNG"))
            self.assertEqual(self.tool("edit", self.input, "make it black and white")["provenance"]["backend"], "libvips")
            self.assertEqual(len(server.jobs), 1, "exact work is done here")

    def test_slow(self):
        for _, server in self.each("slow"):
            self.tool("diffusion", "a fox")

    def test_a_full_queue_is_tried_again(self):
        for _, server in self.each("full", "ok"):
            self.tool("diffusion", "a fox")
            self.assertEqual([job["mode"] for job in server.jobs], ["full", "ok"])

    def test_refusal_by_content_policy(self):
        for _, server in self.each("policy"):
            self.assertEqual(self.tool("diffusion", "a fox", code=4)["fault"]["stage"], "policy")
            self.assertEqual(len(server.jobs), 1)

    def test_failure(self):
        for backend, _ in self.each("failed"):
            done = self.program.run("tool", "diffusion", "a fox", "--json", env={"KEY": KEY})
            self.assertIn(done.code, (3, 4))
            fault = json.loads(done.out)["fault"]
            self.assertEqual(fault["stage"], "tool")
            self.assertIn("out of memory", fault["message"])

    def test_a_broken_picture_is_a_decode_fault(self):
        for _ in self.each("broken"):
            self.assertEqual(self.tool("diffusion", "a fox", code=4)["fault"]["stage"], "decode")

    def test_another_size_is_taken_as_it_is(self):
        for _ in self.each("size"):
            made = self.tool("diffusion", "a fox")
            self.assertEqual((made["width"], made["height"]), (64, 48))

    def test_a_reply_that_is_cut(self):
        for _ in self.each("cut"):
            self.assertEqual(self.tool("diffusion", "a fox", code=3)["fault"]["stage"], "tool")

    def test_time(self):
        for backend, server in self.each("never"):
            self.configure(backend, server, 'timeout = "700ms"')
            begin = time.monotonic()
            self.assertEqual(self.tool("diffusion", "a fox", code=4)["fault"]["stage"], "timeout")
            self.assertLess(time.monotonic() - begin, 5)
            self.assertEqual(server.jobs[0]["cancelled"], backend in SEEDED, "what can be cancelled is")

    def test_an_interrupt_cancels_at_the_server(self):
        for backend, server in self.each("never"):
            process = self.program.start("tool", "diffusion", "a fox", env={"KEY": KEY})
            while not server.jobs:
                time.sleep(0.01)
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=10)
            self.assertEqual(server.jobs[0]["cancelled"], backend in SEEDED)

    def test_pictures_at_a_url_are_fetched(self):
        for backend in ("openai", "ark"):
            with BACKENDS[backend](["url"], key=KEY) as server:
                self.configure(backend, server)
                self.assertEqual(self.tool("diffusion", "a fox")["width"], 512)

    def test_no_server_and_a_wrong_key(self):
        for backend, server in self.each("ok"):
            self.program.write_config(self.program.config.read_text().replace('"KEY"', '"OTHER"'))
            done = self.program.run("tool", "diffusion", "a fox", "--json", env={"OTHER": "sk-canary-wrong"})
            self.assertEqual(done.code, 4)
            self.assertNotIn("canary", done.out + done.err)
            server.close()
            self.assertEqual(self.program.run("tool", "diffusion", "a fox", env={"OTHER": "x"}).code, 3)

    def test_one_picture_at_a_time_for_both_tools_at_one_server(self):
        paint = '<imgen>{"source": "diffusion", "description": "d", "params": {"prompt": "fox %d"}}</imgen>\n\n'
        edit = '<imgen>{"source": "edit", "description": "e", "params": {"img_index": %d, "prompt": "turn it into a dream"}}</imgen>\n\n'
        answer = "# T\n\n" + "".join(paint % n for n in range(3)) + "".join(edit % n for n in range(3))
        with BACKENDS["openai"](["slow"], key=KEY, slow=0.1) as server:
            self.configure("openai", server)
            done = self.program.run("render", "-", "--out", self.program.home / "run", input=answer, env={"KEY": KEY})
            self.assertEqual(done.code, 0, done.err)
            self.assertEqual((len(server.jobs), server.most_inside), (6, 1))

    def test_a_seeded_picture_comes_from_the_cache(self):
        answer = '# T\n\n<imgen>{"source": "diffusion", "description": "d", "params": {"prompt": "a fox"}}</imgen>\n'
        for backend, server in self.each("ok"):
            for number in range(2):
                done = self.program.run("render", "-", "--seed", "3", "--out", self.program.home / f"{backend}{number}", input=answer, env={"KEY": KEY})
                self.assertEqual(done.code, 0, done.err)
            self.assertEqual(len(server.jobs), 1 if backend in SEEDED else 2)

    def test_what_is_missing_is_a_configuration_error(self):
        for text, word in (('backend = "sd-server"', "diffusion.url"), ('backend = "comfyui"\nurl = "http://127.0.0.1:9"', "diffusion.workflow"),
                           ('backend = "ark"', "diffusion.model"), ('backend = "openai"\nurl = "not an address"', "diffusion.url")):
            self.program.write_config(f"[diffusion]\n{text}\n")
            done = self.program.run("tool", "diffusion", "a fox")
            self.assertEqual(done.code, 2, done.err)
            self.assertIn(word, done.err)


if __name__ == "__main__":
    unittest.main()
