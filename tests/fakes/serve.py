"""A fake picture server as a program of its own: serve.py BACKEND PORT [slow|crash|deaf|stubborn]."""

import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.pictures import BACKENDS  # noqa: E402


def main(backend, port, manner=""):
    print("loading the model", flush=True)
    if manner == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if manner == "crash":
        sys.exit("cannot load the model: no such file")
    if manner == "deaf":
        time.sleep(3600)
    if manner == "slow":
        time.sleep(1)
    fake = BACKENDS[backend]
    fake.port_wanted = int(port)
    with fake(("ok",)):
        pathlib.Path(f"served.{port}").write_text(f"{os.getpid()}\n{dict(os.environ)}")
        time.sleep(3600)


main(*sys.argv[1:])
