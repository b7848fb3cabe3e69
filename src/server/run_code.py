# Runs a client's program as /run_code promises: input, files, exit status. REQUEST stands above this text.
def _run(request):
    import base64, io, json, os, sys, traceback

    request = json.loads(base64.b64decode(request))
    os.makedirs("/tmp/work", exist_ok=True)
    os.chdir("/tmp/work")
    for name, content in request["files"].items():
        path = os.path.abspath(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content or ""))
    sys.stdin = io.TextIOWrapper(io.BytesIO(request["stdin"].encode()), encoding="utf-8")
    sys.path.insert(0, "/tmp/work")
    sys.argv = ["main.py"]
    code = 0
    try:
        exec(compile(request["code"], "main.py", "exec"), {"__name__": "__main__", "__builtins__": __builtins__})
    except SystemExit as end:
        if end.code is not None and not isinstance(end.code, int):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException as error:
        # Only the frames of the program itself.
        frames = error.__traceback__
        while frames and frames.tb_frame.f_code.co_filename != "main.py":
            frames = frames.tb_next
        traceback.print_exception(type(error), error, frames)
        code = 1
    files = {}
    for name in request["fetch"]:
        try:
            with open(os.path.join("/tmp/work", name), "rb") as file:
                files[name] = base64.b64encode(file.read()).decode()
        except OSError:
            pass
    sys.stdout.flush()
    sys.__stdout__ = sys.stdout
    os.write(1, (request["mark"] + json.dumps({"return_code": code, "files": files})).encode())


_run(REQUEST)
