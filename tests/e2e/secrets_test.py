"""Keys reach their own server and nothing else: after every kind of failure, no output, file, command line or environment of
another process holds one."""

import base64
import json
import pathlib
import signal
import sys
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import ChatFake  # noqa: E402
from fakes.pictures import BACKENDS, WORKFLOW  # noqa: E402
from fakes.server import Fake, Reply  # noqa: E402
from program import Program  # noqa: E402

KEYS = {"chat": "canary-chat-7f3a+/=x", "diffusion": "canary-paint-91bc+/=x", "edit": "canary-edit-5d20+/=x", "hub": "canary-hub-c0de",
        "other": "canary-of-no-concern"}
PROVIDERS = ("searxng", "serpapi", "brave", "pexels", "unsplash")
KEYS.update({provider: f"canary-{provider}-4e+/=x" for provider in PROVIDERS})
ENVIRONMENT = {f"KEY_{name.upper()}": key for name, key in KEYS.items() if name != "chat"}
SHOW_ALL = """import os, glob
text = repr(dict(os.environ))
for path in glob.glob('/proc/[0-9]*/environ') + glob.glob('/proc/[0-9]*/cmdline'):
    try:
        text += open(path, errors='replace').read()
    except OSError:
        pass
print(text)
plt.plot([1, 2])
plt.title(text[-40:].replace(chr(0), ' '))"""


def tag(source, **params):
    return "<imgen>" + json.dumps({"source": source, "description": source, "params": params}) + "</imgen>"


ANSWER = "\n\n".join(["# Foxes", "Text.", tag("search", query="fox"), tag("diffusion", prompt="a fox"), tag("code", code=SHOW_ALL),
                      tag("edit", img_index=1, prompt="turn the sky into a sea of stars"), tag("edit", img_index=2, prompt="a drawing by a child")])


class Echo(Fake):
    """Answers everything with `status` and all that it was sent, in every member where servers put their message."""

    def __init__(self, status, redirect=None):
        self.status, self.redirect = status, redirect
        super().__init__()

    def handle(self, request):
        sent = f"{request.method} {request.path} {request.query} {request.headers}"
        body = {"error": {"message": sent, "type": sent, "code": sent}, "message": sent, "detail": sent, "errors": [sent]}
        if self.redirect:
            return Reply(302, body, {"Location": f"{self.redirect}/elsewhere"})
        return Reply(self.status, body, {"Retry-After": "0", "X-Echo": sent.replace("\n", " ")})


def forms(key):
    raw = key.encode()
    return [raw, urllib.parse.quote(key, safe="").encode(), urllib.parse.quote(key).encode(), base64.b64encode(raw).rstrip(b"="), base64.b64encode(b"Bearer " + raw).rstrip(b"=")]


def leaks(content):
    return [name for name, key in KEYS.items() if any(form in content for form in forms(key))]


def read(path):
    try:
        return path.read_bytes()
    except OSError:
        return b""


class ProcessWatch(threading.Thread):
    """Looks at the command lines of all processes, and at the environments of those that are not `owner`, again and again.

    A child that has not executed its program yet runs in its parent's memory (posix_spawn), so it shows the parent's command
    line and environment: that environment is the owner's own.
    """

    def __init__(self, owner):
        super().__init__(daemon=True)
        self.owner, self.found, self.seen, self.over = owner, set(), set(), threading.Event()
        self.start()

    def run(self):
        while not self.over.is_set():
            for folder in pathlib.Path("/proc").glob("[0-9]*"):
                self.look_at(folder)
            time.sleep(0.005)

    def look_at(self, folder):
        # The command line first: once it is the child's own, so is the environment.
        command = read(folder / "cmdline")
        parts = {"cmdline": command}
        if command != read(pathlib.Path(f"/proc/{self.owner}/cmdline")):
            parts["environ"] = read(folder / "environ")
        for part, content in parts.items():
            if b"llmi" in content:
                self.seen.add(int(folder.name))
                self.found.update((name, part, content[:60]) for name in leaks(content))

    def end(self):
        self.over.set()
        self.join()


class SecretsTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.secret_files = {self.program.home / "chat.key"}
        (self.program.home / "chat.key").write_text(KEYS["chat"] + "\n")
        (self.program.home / "workflow.json").write_text(json.dumps(WORKFLOW))

    def configure(self, chat, painter="", searcher="", backend="openai", more=""):
        text = f'[servers.writer]\nurl = "{chat}"\napi_key_file = "{self.program.home}/chat.key"\ntimeout = "3s"\n'
        for tool in ("diffusion", "edit"):
            text += f'[{tool}]\nbackend = "{backend}"\nurl = "{painter or chat}"\nmodel = "m"\napi_key_env = "KEY_{tool.upper()}"\ntimeout = "4s"\n'
            text += f'workflow = "{self.program.home}/workflow.json"\n' if backend == "comfyui" else ""
        text += f'[search]\nproviders = {json.dumps(PROVIDERS)}\nallow_hosts = ["127.0.0.1"]\ndeadline = "4s"\n'
        for provider in PROVIDERS:
            text += f'[search.{provider}]\nurl = "{searcher or chat}"\napi_key_env = "KEY_{provider.upper()}"\n'
        self.program.write_config(text + more)

    def clean(self, *outputs):
        """Nothing that was printed or left behind holds a key."""
        for output in outputs:
            self.assertEqual(leaks(output.encode()), [], output[-2000:])
        for path in self.program.home.rglob("*"):
            if path.is_file() and path not in self.secret_files:
                self.assertEqual(leaks(str(path).encode() + path.read_bytes()), [], path)

    def check(self, *arguments, codes=(0, 3, 4), input=b"", env=None):
        process = self.program.start(*arguments, env={**ENVIRONMENT, **(env or {})})
        watch = ProcessWatch(process.pid)
        out, err = (part.decode(errors="replace") for part in process.communicate(input, timeout=120))
        watch.end()
        self.assertEqual(watch.found, set())
        self.assertIn(process.returncode, codes, err)
        self.clean(out, err)
        return out, err

    def test_the_checks_see_a_leak(self):
        self.assertEqual(leaks(f"x{urllib.parse.quote(KEYS['chat'], safe='')}y".encode()), ["chat"])
        process = self.program.start("write", "-", env={"KEY": KEYS["other"]})
        watch = ProcessWatch(0)
        while not watch.found:
            time.sleep(0.01)
        watch.end()
        process.communicate(b"")

    def test_everything_works(self):
        with ChatFake("openai", [ANSWER, "No."], key=KEYS["chat"]) as chat, BACKENDS["openai"](("ok",)) as painter:
            self.configure(chat.url, painter.url, painter.url)
            self.check("write", "Foxes", "--model", "writer", "--out", "run", "--format", "html,md,json,pdf,docx", "--json", codes=(0,))
            document = json.loads((self.program.home / "run/document.json").read_text())
            self.assertGreaterEqual(document["counts"]["ready"], 3, document["blocks"])
            self.assertTrue(any(KEYS["diffusion"] in str(r.headers) for r in painter.requests), "the key reached its server")
            self.check("replay", "run")
            self.check("runs", "show", "run")
            for command in (["doctor", "--json"], ["doctor"], ["config"], ["config", "--json"], ["models", "list"]):
                self.check(*command, codes=(0, 1, 2, 3))

    def test_servers_that_refuse_and_show_what_they_were_sent(self):
        for status in (400, 401, 403, 404, 429, 500, 503):
            with self.subTest(status=status), Echo(status) as echo, ChatFake("openai", [ANSWER], key=KEYS["chat"]) as chat:
                self.configure(echo.url)
                self.check("write", "Foxes", "--model", "writer", "--out", f"a{status}", codes=(2, 3))
                self.configure(chat.url, echo.url, echo.url)
                self.check("write", "Foxes", "--model", "writer", "--out", f"b{status}", codes=(0,))

    def test_every_kind_of_picture_server_that_shows_what_it_was_sent(self):
        for backend in BACKENDS:
            for status in (401, 500):
                with self.subTest(backend=backend, status=status), Echo(status) as echo:
                    self.configure(echo.url, backend=backend)
                    self.check("tool", "diffusion", "a fox", "--out", "out.png", "--json")

    def test_every_search_provider_that_shows_what_it_was_sent(self):
        for provider in PROVIDERS:
            for status in (200, 401, 403, 500):
                with self.subTest(provider=provider, status=status), Echo(status) as echo:
                    self.configure(echo.url, more="")
                    self.check("tool", "search", "fox", "--json", "--out", "out.png", env={"LLMI_SEARCH_PROVIDERS": provider})

    def test_redirects_to_another_host(self):
        with Echo(200) as other, Echo(302, redirect=other.url.replace("127.0.0.1", "localhost")) as echo:
            self.configure(echo.url)
            self.check("write", "Foxes", "--model", "writer", "--out", "run", codes=(2, 3))
            self.check("render", "-", "--out", "run2", input=ANSWER.encode())
            self.check("models", "fetch", "qwen3-0.6b", env={"LLMI_MODELS_URL": echo.url, "LLMI_MODELS_API_KEY_ENV": "KEY_HUB"}, codes=(2, 3))
            for request in other.requests:
                self.assertEqual(leaks(f"{request.path} {request.query} {request.headers}".encode() + request.body), [])

    def test_no_server_at_all(self):
        with Echo(200) as echo:
            url = echo.url
        self.configure(url)
        self.check("write", "Foxes", "--model", "writer", "--out", "run", codes=(3,))
        self.check("render", "-", "--out", "run2", input=ANSWER.encode(), codes=(0,))

    def test_interrupted_killed_and_resumed(self):
        with ChatFake("openai", [ANSWER + " And more text." * 400], key=KEYS["chat"], delay=0.02) as chat, BACKENDS["openai"](("ok",)) as painter:
            self.configure(chat.url, painter.url, painter.url)
            for number, end in enumerate((signal.SIGINT, signal.SIGTERM, signal.SIGKILL)):
                folder = self.program.home / f"run{number}"
                process = self.program.start("write", "Foxes", "--model", "writer", "--out", folder, env=ENVIRONMENT)
                watch = ProcessWatch(process.pid)
                while not (folder / "events.jsonl").exists() or "figure_ready" not in (folder / "events.jsonl").read_text():
                    self.assertIsNone(process.poll())
                    time.sleep(0.02)
                process.send_signal(end)
                out, err = (part.decode(errors="replace") for part in process.communicate(timeout=60))
                watch.end()
                self.assertEqual(watch.found, set())
                self.clean(out, err)
            chat.delay = 0
            self.check("runs", "resume", "run2", "--model", "writer", codes=(0,))
            self.check("runs", "list", codes=(0,))

    def test_a_configuration_that_is_wrong(self):
        self.program.write_config(f'[servers.writer]\nurl = "http://127.0.0.1:1"\napi_key_file = "{self.program.home}/nothing"\n')
        self.check("write", "x", "--model", "writer", codes=(2,))
        self.program.write_config('[servers.writer]\nurl = "http://127.0.0.1:1"\napi_key_env = "KEY_MISSING"\n')
        self.check("write", "x", "--model", "writer", codes=(2,))
        self.program.write_config(f'[servers.writer]\nurl = "http://user:{KEYS["other"]}@127.0.0.1:1"\n')
        self.secret_files.add(self.program.config)
        self.check("write", "x", "--model", "writer", codes=(2, 3))
        self.program.write_config(f'[servers.writer]\nurl = "http://127.0.0.1:1"\napi_key = "{KEYS["other"]}"\n')
        self.check("write", "x", "--model", "writer", codes=(2,))


if __name__ == "__main__":
    unittest.main()
