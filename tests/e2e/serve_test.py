"""`llmi serve --reward`: our route, those of the training frameworks, /run_code, and what happens under load and at the end."""

import base64
import concurrent.futures
import hashlib
import json
import os
import pathlib
import signal
import socket
import struct
import sys
import time
import unittest
import urllib.error
import urllib.request

from program import Program
from reward_test import SEARCH, sample

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.judge import JudgeFake


class Service:
    """A running service. `ask` gives (status, reply)."""

    def __init__(self, program, *flags, env=None):
        self.process = program.start("serve", "--reward", "--listen", "127.0.0.1:0", "--json", *flags, env=env)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1].decode())
        self.url = json.loads(line)["url"]

    def ask(self, path, body=None, headers=None, timeout=60):
        data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as reply:
                text, status = reply.read(), reply.status
        except urllib.error.HTTPError as error:
            text, status, self.headers = error.read(), error.code, error.headers
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode()

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, err.decode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class WebSocket:
    """The few lines of RFC 6455 that a test needs."""

    def __init__(self, test, url):
        host, port = url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=30)
        test.addCleanup(self.socket.close)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(f"GET /ws HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.socket.recv(1)
        accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert b" 101 " in head and accept in head, head

    def exactly(self, count):
        data = b""
        while len(data) < count:
            data += self.socket.recv(count - len(data)) or self.fail()
        return data

    @staticmethod
    def fail():
        raise AssertionError("the connection was closed")

    def tell(self, text):
        data, mask = text.encode(), os.urandom(4)
        length = struct.pack("!BB", 0x81, 0x80 | len(data)) if len(data) < 126 else struct.pack("!BBH", 0x81, 0xFE, len(data))
        self.socket.sendall(length + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def ask(self, message):
        self.tell(message if isinstance(message, str) else json.dumps(message))
        _, length = self.exactly(2)
        if length >= 126:
            length = int.from_bytes(self.exactly(2 if length == 126 else 8), "big")
        return json.loads(self.exactly(length))


def judges(fake, *more):
    return ("--llm-judge", f"{fake.url}#text-judge", "--mllm-judge", f"{fake.url}#picture-judge", *more)


PAPER = 0.2 * 0.5 + 0.3 * 0.5 * 5 / 6 + 0.5 * 0.675
ENDED = sample(id=None)


class ServeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.fake = JudgeFake()
        cls.service = Service(cls.program, *judges(cls.fake, "--variant", "paper", "--judge-retries", "0"))
        cls.addClassCleanup(cls.fake.__exit__, None, None, None)
        cls.addClassCleanup(cls.service.close)

    def test_scores_in_order(self):
        status, reply = self.service.ask("/v1/reward", {"samples": [sample(id="a"), sample(id="b", image_num=1)]})
        self.assertEqual((status, reply["variant"]), (200, "paper"))
        self.assertEqual([result["id"] for result in reply["results"]], ["a", "b"])
        self.assertAlmostEqual(reply["results"][0]["score"], PAPER)
        status, reply = self.service.ask("/v1/reward", {"variant": "strict", "samples": [sample()]})
        self.assertIn("candour", reply["results"][0]["components"])
        self.assertEqual(self.service.ask("/v1/reward", {"samples": []}), (200, {"variant": "paper", "results": []}))

    def test_bad_requests_say_what_is_wrong(self):
        for body, word in ((b"{", "JSON"), (b"[1]", "JSON"), ({}, "samples"), ({"samples": [sample(), sample(image_num=-5)]}, "samples[1].image_num"),
                           ({"samples": [], "variant": "nice"}, "variant"), ({"samples": [], "deadline_ms": -1}, "deadline_ms"),
                           ({"samples": [sample(pictures=[{"index": 9, "status": "failed"}])]}, "samples[0].pictures[0].index"),
                           ({"samples": [sample(images=["/etc/hostname"])]}, "samples[0].images[0]"),
                           ({"samples": [{"run": "/tmp", "image_num": 1}]}, "samples[0].run")):
            status, reply = self.service.ask("/v1/reward", body)
            self.assertEqual(status, 400, reply)
            self.assertIn(word, reply["error"]["message"])
        self.assertEqual(self.service.ask("/nowhere", {})[0], 404)
        self.assertEqual(self.service.ask("/v1/reward")[0], 405)

    def test_health_and_metrics(self):
        self.assertEqual(self.service.ask("/healthz")[0], 200)
        self.assertEqual(self.service.ask("/readyz")[0], 200)
        self.service.ask("/v1/reward", {"samples": [sample()]})
        status, text = self.service.ask("/metrics")
        self.assertEqual(status, 200)
        self.assertIn('llmi_reward_samples_total{status="ok"}', text)
        self.assertIn('llmi_reward_requests_total{route="/v1/reward",status="200"}', text)

    def test_identical_samples_are_scored_once(self):
        row = sample(prompt="Only here.")
        before = len(self.fake.asked("text-judge"))
        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            replies = list(pool.map(lambda i: self.service.ask("/v1/reward", {"samples": [{**row, "id": str(i)}]}), range(64)))
        self.assertEqual([reply["results"][0]["id"] for _, reply in replies], [str(i) for i in range(64)])
        self.assertEqual(len(self.fake.asked("text-judge")) - before, 1)

    def test_openrlhf(self):
        label = {key: value for key, value in sample().items() if key not in ("answer", "id", "prompt")} | {"question": "Tell of lakes."}
        query = "<|im_start|>user\nTell<|im_end|>\n" + sample()["answer"] + "<|im_end|>\n<|endoftext|>"
        body = {"query": [query, query], "prompts": ["<|im_start|>user\nTell<|im_end|>\n"] * 2, "labels": [label, json.dumps(label)]}
        status, reply = self.service.ask("/get_reward", body)
        self.assertEqual(status, 200, reply)
        self.assertEqual(len(reply["rewards"]), 2)
        self.assertAlmostEqual(reply["rewards"][1], PAPER)
        self.assertEqual(reply["scores"], reply["rewards"])
        self.assertEqual(reply["extra_logs"]["count"], [0.5, 0.5])
        sent = json.dumps(self.fake.asked("text-judge")[-1]["messages"])
        self.assertNotIn("endoftext", sent)
        self.assertEqual(self.service.ask("/get_reward", {"query": [], "prompts": [], "labels": []})[1]["rewards"], [])
        self.assertEqual(self.service.ask("/get_reward", {"query": ["x"], "prompts": ["x"], "labels": ["no"]})[0], 400)

    def test_slime(self):
        label = {key: value for key, value in sample().items() if key not in ("answer", "id", "prompt")}
        status, reply = self.service.ask("/rm", {"prompt": "Tell of lakes.", "response": sample()["answer"], "label": json.dumps(label)})
        self.assertEqual(status, 200)
        self.assertAlmostEqual(reply, PAPER)

    def test_nemo_gym(self):
        self.assertEqual(self.service.ask("/seed_session", {}), (200, {}))
        metadata = {key: value for key, value in sample().items() if key not in ("answer", "id", "prompt")}
        body = {"responses_create_params": {"input": [{"role": "user", "content": "Tell of lakes."}]},
                "response": {"output": [{"type": "reasoning", "summary": []},
                                        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": sample()["answer"]}]}]},
                "verifier_metadata": metadata}
        status, reply = self.service.ask("/verify", body)
        self.assertEqual(status, 200, reply)
        self.assertAlmostEqual(reply["reward"], PAPER)
        self.assertEqual(reply["reward_components"]["count"], 0.5)
        self.assertEqual(reply["response"], body["response"])

    def test_openenv(self):
        fields = {key: value for key, value in sample().items() if key not in ("answer", "pictures", "id")}
        peer = WebSocket(self, self.service.url)
        self.assertEqual(peer.ask({"type": "step", "data": {"answer": "x"}})["type"], "error")
        first = peer.ask({"type": "reset", "data": {**fields, "episode_id": "e1"}})
        self.assertEqual(first["type"], "observation")
        self.assertEqual((first["data"]["observation"]["prompt"], first["data"]["reward"], first["data"]["done"]), ("Tell of lakes.", None, False))
        self.assertEqual(peer.ask({"type": "state"}), {"type": "state", "data": {"episode_id": "e1", "step_count": 0}})
        self.assertEqual(peer.ask("{")["data"]["code"], "INVALID_JSON")
        self.assertEqual(peer.ask({"type": "jump"})["data"]["code"], "UNKNOWN_TYPE")
        self.assertEqual(peer.ask({"type": "step", "data": {}})["data"]["code"], "VALIDATION_ERROR")
        step = peer.ask({"type": "step", "data": {"answer": sample()["answer"], "pictures": sample()["pictures"]}})["data"]
        self.assertAlmostEqual(step["reward"], PAPER)
        self.assertEqual((step["done"], step["observation"]["status"], step["observation"]["components"]["count"]), (True, "ok", 0.5))
        self.assertEqual(peer.ask({"type": "state"})["data"]["step_count"], 1)
        self.assertEqual(peer.ask({"type": "reset", "data": {"image_num": "x"}})["data"]["code"], "VALIDATION_ERROR")

    def test_run_code(self):
        def run(code, **fields):
            status, reply = self.service.ask("/run_code", {"language": "python", "code": code, **fields})
            self.assertEqual(status, 200, reply)
            return reply

        reply = run("print(input() + '!')\nimport sys\nprint('e', file=sys.stderr)", stdin="hello")
        self.assertEqual((reply["status"], reply["run_result"]["status"], reply["run_result"]["return_code"]), ("Success", "Finished", 0))
        self.assertEqual((reply["run_result"]["stdout"], reply["run_result"]["stderr"]), ("hello!\n", "e\n"))
        reply = run("1 / 0")
        self.assertEqual((reply["status"], reply["run_result"]["status"], reply["run_result"]["return_code"]), ("Failed", "Finished", 1))
        self.assertIn("main.py\", line 1", reply["run_result"]["stderr"])
        self.assertIn("ZeroDivisionError", reply["run_result"]["stderr"])
        self.assertEqual(run("import sys; sys.exit(3)")["run_result"]["return_code"], 3)
        self.assertEqual(run("while True: pass", run_timeout=1)["run_result"]["status"], "TimeLimitExceeded")
        data = base64.b64encode(b"7").decode()
        reply = run("n = int(open('in/n.txt').read())\nopen('out.txt', 'w').write(str(n * 6))", files={"in/n.txt": data}, fetch_files=["out.txt", "none"])
        self.assertEqual({name: base64.b64decode(content) for name, content in reply["files"].items()}, {"out.txt": b"42"})
        self.assertEqual(run("import socket; socket.socket()")["status"], "Failed")
        self.assertEqual(run("x", language="cpp")["status"], "SandboxError")

    def test_broken_clients_do_no_harm(self):
        host, port = self.service.url.removeprefix("http://").split(":")
        for bytes in (b"GARBAGE\r\n\r\n", b"POST /v1/reward HTTP/1.1\r\nContent-Length: 10\r\n\r\n{", b"\x16\x03\x01", b""):
            with socket.create_connection((host, int(port))) as peer:
                peer.sendall(bytes)
        self.assertEqual(self.service.ask("/healthz")[0], 200)


class LimitsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def test_the_deadline_holds_per_request(self):
        slow = lambda request: time.sleep(3) or {"text": 4, "image": 3} if "SLOW" in json.dumps(request) else {"text": 4, "image": 3}
        with JudgeFake(replies={"text-judge": slow}) as fake, Service(self.program, *judges(fake)) as service:
            begin = time.monotonic()
            status, reply = service.ask("/v1/reward", {"deadline_ms": 1000, "samples": [sample(prompt="SLOW"), sample()]})
            self.assertLess(time.monotonic() - begin, 2.5)
            self.assertEqual(status, 200)
            self.assertEqual([result["status"] for result in reply["results"]], ["unavailable", "ok"])
            self.assertEqual(reply["results"][0]["id"], "s")

    def test_no_score_is_no_number(self):
        with JudgeFake(down=["picture-judge"]) as fake, Service(self.program, *judges(fake, "--judge-retries", "0")) as service:
            label = {key: value for key, value in sample().items() if key not in ("answer", "id")}
            for path, body in (("/rm", {"prompt": "p", "response": sample()["answer"], "label": label}),
                               ("/get_reward", {"query": [sample()["answer"]], "prompts": [""], "labels": [label]}),
                               ("/verify", {"response": sample()["answer"], "verifier_metadata": label})):
                status, reply = service.ask(path, body)
                self.assertEqual((status, reply["error"]["code"]), (503, "judge_unavailable"), path)
            self.assertEqual(service.ask("/v1/reward", {"samples": [sample()]})[1]["results"][0]["status"], "degraded")
            peer = WebSocket(self, service.url)
            peer.ask({"type": "reset", "data": {"image_num": 2, "prompt": "p"}})
            self.assertEqual(peer.ask({"type": "step", "data": {"answer": sample()["answer"], "pictures": sample()["pictures"]}})["type"], "error")

    def test_a_full_queue_is_refused(self):
        with JudgeFake(delay=1) as fake, Service(self.program, *judges(fake), env={"LLMI_REWARD_MAX_OPEN": "3"}) as service:
            self.assertEqual(service.ask("/v1/reward", {"samples": [sample(prompt=str(i)) for i in range(4)]})[0], 503)
            self.assertEqual(service.headers["Retry-After"], "1")
            self.assertEqual(service.ask("/v1/reward", {"samples": [sample(prompt=str(i)) for i in range(3)], "deadline_ms": 50})[0], 200)

    def test_tokens(self):
        with Service(self.program, env={"LLMI_REWARD_API_KEY_ENV": "MY_TOKEN", "MY_TOKEN": "canary-7"}) as service:
            self.assertEqual(service.ask("/healthz")[0], 200)
            self.assertEqual(service.ask("/v1/reward", {"samples": []})[0], 401)
            self.assertEqual(service.ask("/v1/reward", {"samples": []}, {"Authorization": "Bearer canary-8"})[0], 401)
            self.assertEqual(service.ask("/v1/reward", {"samples": []}, {"Authorization": "Bearer canary-7"})[0], 200)
            self.assertNotIn("canary-7", service.close()[1])
        refused = self.program.run("serve", "--reward", "--listen", "0.0.0.0:0")
        self.assertEqual(refused.code, 2)
        self.assertIn("api_key_env", refused.err)

    def test_the_end_answers_what_was_taken(self):
        with JudgeFake(delay=0.5) as fake, concurrent.futures.ThreadPoolExecutor(1) as pool:
            service = Service(self.program, *judges(fake))
            answer = pool.submit(service.ask, "/v1/reward", {"samples": [sample()]})
            while not fake.asked("text-judge"):
                time.sleep(0.01)
            code, err = service.close()
            self.assertEqual(answer.result()[1]["results"][0]["status"], "ok")
            self.assertEqual(code, 0, err)

    def test_files_only_from_configured_folders(self):
        folder = self.program.home / "pictures"
        folder.mkdir()
        (folder / "a.png").write_bytes(base64.b64decode(sample()["pictures"][0]["data_uri"].split(",")[1]))
        (self.program.home / "b.png").write_bytes((folder / "a.png").read_bytes())
        (folder / "link.png").symlink_to(self.program.home / "b.png")
        with Service(self.program, env={"LLMI_REWARD_FOLDERS": str(folder)}) as service:
            def status(file):
                row = sample(answer=SEARCH, pictures=[{"index": 0, "status": "ready", "file": str(file)}])
                return service.ask("/v1/reward", {"samples": [row]})[0]

            self.assertEqual(status(folder / "a.png"), 200)
            self.assertEqual(status(self.program.home / "b.png"), 400)
            self.assertEqual(status(folder / ".." / "b.png"), 400)
            self.assertEqual(status(folder / "link.png"), 400)


if __name__ == "__main__":
    unittest.main()
