"""Runs the release build of llmi with folders of its own, so that tests touch nothing of the user's."""

import atexit
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = pathlib.Path(os.environ.get("LLMI_TEST_BINARY", ROOT / "build/release/bin/llmi")).resolve()


@dataclasses.dataclass
class Done:
    code: int
    out: str
    err: str


class Program:
    """llmi with a fresh HOME. The default picture collections are indexed once and shared through `data`."""

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="llmi-e2e-"))
        atexit.register(shutil.rmtree, self.home, ignore_errors=True)
        self.config = self.home / "config" / "llmi" / "config.toml"

    def environment(self, extra=None):
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_DATA_HOME": str(self.home / "data"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "LANG": "C.UTF-8",
        }
        variables.update(extra or {})
        return variables

    def write_config(self, text):
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)

    def start(self, *arguments, env=None, **options):
        return subprocess.Popen([str(BINARY), *map(str, arguments)], env=self.environment(env), cwd=self.home,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def run(self, *arguments, input=b"", env=None, timeout=120):
        if isinstance(input, str):
            input = input.encode()
        process = self.start(*arguments, env=env)
        try:
            out, err = process.communicate(input, timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return Done(process.returncode, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"))
