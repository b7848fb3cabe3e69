"""Chat servers: OpenAI's shape as spoken by llama-server, vLLM, SGLang and hosted APIs, and Ollama's own."""

import json
import time

from .server import Fake, Reply

OWNERS = {"openai": "someone", "llama-server": "llamacpp", "vllm": "vllm", "sglang": "sglang", "ollama": "library"}
MODEL = "writer-7b"


def pieces(text, size=7):
    data = text.encode()
    return [data[at : at + size].decode(errors="ignore") for at in range(0, len(data), size)] if data.isascii() else list(text)


class ChatFake(Fake):
    """`answers`: texts given in turn (the last again and again). `delay`: seconds between pieces. `oddities`: a set of
    comments, empty_choices, no_done, no_finish, error_inside, cut, reasoning, whole, null_content. `key`: demanded.
    `failures`: replies given first, in turn."""

    def __init__(self, kind="openai", answers=("# Title\n\nText.",), delay=0.0, oddities=(), key=None, failures=(), vision=False):
        self.kind, self.answers, self.delay, self.oddities, self.key = kind, list(answers), delay, set(oddities), key
        self.failures, self.vision, self.chats = list(failures), vision, 0
        super().__init__()

    def handle(self, request):
        if self.key and request.headers.get("authorization") != f"Bearer {self.key}":
            return Reply(401, {"error": {"message": f"Incorrect API key provided: {request.headers.get('authorization')}", "type": "invalid_request_error"}})
        if request.path == "/v1/models":
            return self.models()
        if request.path == "/api/version" and self.kind == "ollama":
            return Reply(200, {"version": "0.12.3"})
        if request.path == "/api/show" and self.kind == "ollama":
            return Reply(200, {"capabilities": ["completion"] + ["vision"] * self.vision})
        if request.path == ("/api/chat" if self.kind == "ollama" else "/v1/chat/completions"):
            return self.chat(request)
        return Reply(404, {"error": {"message": "no such route"}})

    def models(self):
        reply = {"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": OWNERS[self.kind]}]}
        if self.kind == "llama-server":
            reply["models"] = [{"name": MODEL, "capabilities": ["completion"] + ["multimodal"] * self.vision}]
        return Reply(200, reply)

    def chat(self, request):
        with self.lock:
            number = self.chats
            self.chats += 1
            if self.failures:
                return self.failures.pop(0)
        text = self.answers[min(number, len(self.answers) - 1)]
        if "whole" in self.oddities or not request.json.get("stream"):
            return Reply(200, {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                               "usage": {"prompt_tokens": 11, "completion_tokens": 22}})
        if self.kind == "ollama":
            return Reply(200, headers={"Content-Type": "application/x-ndjson"}, chunks=self.lines(text), cut="cut" in self.oddities)
        return Reply(200, headers={"Content-Type": "text/event-stream"}, chunks=self.events(text), cut="cut" in self.oddities)

    def lines(self, text):
        for piece in pieces(text):
            time.sleep(self.delay)
            yield json.dumps({"model": MODEL, "message": {"role": "assistant", "content": piece}, "done": False}).encode() + b"\n"
        yield json.dumps({"model": MODEL, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop",
                          "prompt_eval_count": 11, "eval_count": 22}).encode() + b"\n"

    def events(self, text):
        odd = self.oddities

        def event(delta, finish=None):
            return b"data: " + json.dumps({"id": "x", "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}).encode() + b"\n\n"

        yield event({"role": "assistant", "content": None if "null_content" in odd else ""})
        if "comments" in odd:
            yield b": OPENROUTER PROCESSING\n\n"
        if "reasoning" in odd:
            yield event({"reasoning_content": "Let me think about <imgen> first."})
        parts = pieces(text)
        for number, piece in enumerate(parts):
            time.sleep(self.delay)
            if number == len(parts) // 2:
                if "error_inside" in odd:
                    yield b'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n'
                    return
                if "cut" in odd:
                    return
                if "empty_choices" in odd:
                    yield b'data: {"choices": []}\n\n'
            yield event({"content": piece})
        if "no_finish" not in odd:
            yield event({}, "stop")
        yield b'data: {"choices": [], "usage": {"prompt_tokens": 11, "completion_tokens": 22}}\n\n'
        if "no_done" not in odd:
            yield b"data: [DONE]\n\n"
