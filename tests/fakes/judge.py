"""A judge behind a chat server: `text-judge` marks text and tags, `picture-judge` the pictures it is shown."""

import json

from .chat import ChatFake
from .server import Reply

GOOD = {"text-judge": {"text": 4, "image": 3, "reason": "good"},
        "picture-judge": {"image_quality": 4, "task_relevance": 5, "text_image_relevance": 4, "reason": "good"}}


class JudgeFake(ChatFake):
    """`replies`: by model, what it says (a dict is sent as JSON), or a function of the request. `down`: models that
    answer 503."""

    def __init__(self, replies=None, down=(), **options):
        self.replies, self.down = {**GOOD, **(replies or {})}, set(down)
        super().__init__(**options)

    def models(self):
        return Reply(200, {"object": "list", "data": [{"id": name, "owned_by": "someone"} for name in self.replies]})

    def chat(self, request):
        model = request.json["model"]
        if model in self.down:
            return Reply(503, {"error": {"message": "overloaded"}})
        reply = self.replies[model]
        reply = reply(request.json) if callable(reply) else reply
        text = reply if isinstance(reply, str) else json.dumps(reply)
        return Reply(200, headers={"Content-Type": "text/event-stream"}, chunks=self.events(text))

    def asked(self, model):
        return [r.json for r in self.requests if r.path.endswith("/chat/completions") and r.json["model"] == model]
