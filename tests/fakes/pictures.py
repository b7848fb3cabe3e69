"""Picture servers, each with its own API."""

import base64
import json
import re
import time

from .search import picture
from .server import Fake, Reply

POLICY = {"error": {"code": "moderation_blocked", "message": "Your request was rejected by the safety system."}}


def form(request):
    """The parts of a multipart form: name -> bytes."""
    boundary = request.headers["content-type"].split("boundary=")[1].encode()
    parts = {}
    for part in request.body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.partition(b"\r\n\r\n")
        parts[re.search(rb'name="([^"]*)"', head)[1].decode()] = value[:-2]
    return parts


class PictureFake(Fake):
    """`modes`: what happens to the jobs in turn, the last again and again: ok, slow, full, policy, failed, broken, size,
    cut, url, never."""

    def __init__(self, modes=("ok",), key=None, slow=0.6):
        self.modes, self.key, self.slow, self.jobs = list(modes), key, slow, []
        super().__init__()

    def job(self, request, prompt, given=None, seed=None):
        with self.lock:
            mode = self.modes[min(len(self.jobs), len(self.modes) - 1)]
            self.jobs.append({"mode": mode, "prompt": prompt, "picture": given, "seed": seed, "begin": time.monotonic(), "cancelled": False})
            return len(self.jobs) - 1, mode

    def bytes_of(self, mode):
        return {"broken": b"no picture at all", "size": picture(64, 48)}.get(mode, picture(512, 384, (10, 20, 200)))

    def coded(self, mode):
        return base64.b64encode(self.bytes_of(mode)).decode()

    def refusal(self, mode):
        """The reply to what is refused at once; None for other modes."""
        if mode == "full":
            return Reply(429, {"error": "job queue is full"}, {"Retry-After": "0"})
        if mode == "policy":
            return Reply(400, POLICY)
        if mode == "failed":
            return Reply(500, {"detail": "CUDA out of memory"}, {"Retry-After": "0"})
        return None

    def wait(self, mode):
        if mode in ("slow", "never"):
            time.sleep(self.slow if mode == "slow" else 8)

    def handle(self, request):
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(401, {"error": {"message": f"bad key {request.headers.get('authorization')}"}})
        if request.path.startswith("/files/"):
            return Reply(200, self.bytes_of("ok"), {"Content-Type": "image/png"})
        return self.route(request) or Reply(404, {"error": "no such route"})


class OpenAiFake(PictureFake):
    def route(self, request):
        if request.path == "/v1/images/generations":
            if "response_format" in request.json:
                return Reply(400, {"error": {"message": "Unknown parameter: 'response_format'."}})
            number, mode = self.job(request, request.json["prompt"])
        elif request.path == "/v1/images/edits":
            parts = form(request)
            number, mode = self.job(request, parts["prompt"].decode(), parts["image"])
        else:
            return None
        if refusal := self.refusal(mode):
            return refusal
        self.wait(mode)
        item = {"url": f"{self.url}/files/{number}"} if mode == "url" else {"b64_json": self.coded(mode)}
        return Reply(200, {"created": 1, "data": [item]}, cut=mode == "cut")


class ArkFake(PictureFake):
    def route(self, request):
        if request.path != "/api/v3/images/generations":
            return None
        body = request.json
        if body.get("watermark") is not False or not body.get("model"):
            return Reply(400, {"error": {"message": "watermark and model"}})
        given = base64.b64decode(body["image"].split(",")[1]) if "image" in body else None
        _, mode = self.job(request, body["prompt"], given)
        if refusal := self.refusal(mode):
            return refusal
        self.wait(mode)
        item = {"url": f"{self.url}/files/0"} if mode == "url" else {"b64_json": self.coded(mode)}
        return Reply(200, {"model": body["model"], "data": [item], "usage": {"generated_images": 1}}, cut=mode == "cut")


class QwenImageFake(PictureFake):
    def route(self, request):
        if request.path not in ("/generate/", "/edit/"):
            return None
        body = request.json
        given = base64.b64decode(body["image_b64"]) if request.path == "/edit/" else None
        _, mode = self.job(request, body["prompt"], given)
        if refusal := self.refusal(mode):
            return refusal
        self.wait(mode)
        return Reply(200, {"status": "success", "images": [self.coded(mode)]}, cut=mode == "cut")


class A1111Fake(PictureFake):
    def route(self, request):
        if request.path == "/sdapi/v1/interrupt":
            self.jobs[-1]["cancelled"] = True
            return Reply(200, {})
        if request.path not in ("/sdapi/v1/txt2img", "/sdapi/v1/img2img"):
            return None
        body = request.json
        given = base64.b64decode(body["init_images"][0]) if "init_images" in body else None
        _, mode = self.job(request, body["prompt"], given, body["seed"])
        if refusal := self.refusal(mode):
            return refusal
        self.wait(mode)
        return Reply(200, {"images": [self.coded(mode)], "parameters": {}, "info": json.dumps({"seed": body["seed"]})}, cut=mode == "cut")


class SdServerFake(PictureFake):
    """Jobs are posted and asked for; one that is generating cannot be cancelled."""

    def route(self, request):
        if request.path == "/sdcpp/v1/img_gen":
            body = request.json
            given = base64.b64decode(body["ref_images"][0]) if "ref_images" in body else None
            number, mode = self.job(request, body["prompt"], given, body["seed"])
            if mode in ("full", "policy"):
                return self.refusal(mode)
            return Reply(202, {"id": f"job_{number}", "kind": "img_gen", "status": "queued", "poll_url": f"/sdcpp/v1/jobs/job_{number}"})
        found = re.fullmatch(r"/sdcpp/v1/jobs/job_(\d+)(/cancel)?", request.path)
        if not found:
            return None
        job = self.jobs[int(found[1])]
        if found[2]:
            job["cancelled"] = True
            return Reply(409, {"error": "job is generating"})
        mode, age = job["mode"], time.monotonic() - job["begin"]
        if mode == "failed":
            return Reply(200, {"id": found[1], "status": "failed", "result": None, "error": {"code": "generation_failed", "message": "out of memory"}})
        if mode == "never" or age < (self.slow if mode == "slow" else 0.05):
            return Reply(200, {"id": found[1], "status": "generating" if age > 0.02 else "queued", "queue_position": 0, "result": None, "error": None})
        return Reply(200, {"id": found[1], "status": "completed", "error": None, "result": {"output_format": "png", "images": [{"index": 0, "b64_json": self.coded(mode)}]}}, cut=mode == "cut")


WORKFLOW = {"3": {"class_type": "KSampler", "inputs": {"seed": "%seed%", "steps": 20}},
            "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "masterpiece, %prompt%"}},
            "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "llmi"}}}
EDIT_WORKFLOW = {**WORKFLOW, "10": {"class_type": "LoadImage", "inputs": {"image": "%image%"}}}


class ComfyUiFake(PictureFake):
    def __init__(self, *arguments, **options):
        self.uploads = {}
        super().__init__(*arguments, **options)

    def route(self, request):
        if request.path == "/upload/image":
            parts = form(request)
            name = re.search(rb'filename="([^"]*)"', request.body)[1].decode()
            self.uploads[f"in/{name}"] = parts["image"]
            return Reply(200, {"name": name, "subfolder": "in", "type": "input"})
        if request.path == "/prompt":
            return self.prompt(request)
        if request.path in ("/queue", "/interrupt"):
            self.jobs[-1]["cancelled"] = True
            return Reply(200, {})
        if request.path == "/view":
            mode = self.jobs[int(request.query["filename"].split("_")[1])]["mode"]
            return Reply(200, self.bytes_of(mode), {"Content-Type": "image/png"}, cut=mode == "cut")
        if request.path.startswith("/history/"):
            return self.history(request.path.split("/")[2])
        return None

    def prompt(self, request):
        workflow = request.json["prompt"]
        if not isinstance(workflow["3"]["inputs"]["seed"], int):
            return Reply(400, {"error": {"type": "invalid_prompt", "message": "seed is no number"}, "node_errors": {"3": {}}})
        given = self.uploads.get(workflow.get("10", {}).get("inputs", {}).get("image"))
        number, mode = self.job(request, workflow["6"]["inputs"]["text"].removeprefix("masterpiece, "), given, workflow["3"]["inputs"]["seed"])
        if mode in ("full", "policy"):
            return self.refusal(mode)
        return Reply(200, {"prompt_id": f"id_{number}", "number": number, "node_errors": {}})

    def history(self, prompt_id):
        number = int(prompt_id.split("_")[1])
        job = self.jobs[number]
        mode, age = job["mode"], time.monotonic() - job["begin"]
        if mode == "failed":
            return Reply(200, {prompt_id: {"outputs": {}, "status": {"status_str": "error", "completed": False,
                               "messages": [["execution_error", {"exception_message": "out of memory"}]]}}})
        if mode == "never" or age < (self.slow if mode == "slow" else 0.05):
            return Reply(200, {})
        return Reply(200, {prompt_id: {"status": {"status_str": "success", "completed": True}, "outputs": {
            "5": {"images": [{"filename": f"preview_{number}", "subfolder": "", "type": "temp"}]},
            "9": {"images": [{"filename": f"llmi_{number}", "subfolder": "", "type": "output"}]}}}})


BACKENDS = {"openai": OpenAiFake, "ark": ArkFake, "qwen-image": QwenImageFake, "a1111": A1111Fake, "sd-server": SdServerFake, "comfyui": ComfyUiFake}
SEEDED = ("a1111", "sd-server", "comfyui")
