"""The search providers on the internet, each in its own shape, with the pictures they point to."""

import io
import time

from PIL import Image

from .server import Fake, Reply


def picture(width, height, colour=(200, 80, 40), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind)
    return out.getvalue()


class Item:
    """A result: its size as the provider states it, and what its URL gives (`real`: another size; `body`: other bytes)."""

    def __init__(self, name, width=640, height=480, real=None, body=None, delay=0.0, status=200, licence="CC BY-SA 4.0", creator="Ann", url=None):
        self.name, self.width, self.height, self.delay, self.status = name, width, height, delay, status
        self.licence, self.creator, self.url = licence, creator, url
        self.body = body if body is not None else picture(*(real or (width, height)))


def commons(fake, items):
    return {"query": {"pages": [
        {"pageid": n, "title": f"File:{i.name}.png", "index": n + 1,
         "imageinfo": [{"url": fake.link(i), "descriptionurl": f"{fake.url}/wiki/{i.name}", "mime": "image/png", "width": i.width, "height": i.height,
                        "extmetadata": {"LicenseShortName": {"value": i.licence}, "Artist": {"value": f'<a href="//x">{i.creator}</a>'}}}]}
        for n, i in enumerate(items)]}}


def openverse(fake, items):
    return {"results": [{"url": fake.link(i), "title": i.name, "foreign_landing_url": f"{fake.url}/p/{i.name}", "creator": i.creator, "width": i.width,
                         "height": i.height, "license": "by", "license_version": "2.0", "attribution": f'"{i.name}" by {i.creator}'} for i in items]}


def searxng(fake, items):
    return {"results": [{"img_src": fake.link(i), "title": i.name, "url": f"{fake.url}/p/{i.name}", "resolution": f"{i.width}x{i.height}"} for i in items]}


def serpapi(fake, items):
    return {"images_results": [{"original": fake.link(i), "original_width": i.width, "original_height": i.height, "title": i.name,
                                "link": f"{fake.url}/p/{i.name}", "source": "s"} for i in items]}


def brave(fake, items):
    return {"results": [{"title": i.name, "url": f"{fake.url}/p/{i.name}", "properties": {"url": fake.link(i), "width": i.width, "height": i.height}} for i in items]}


def pexels(fake, items):
    return {"photos": [{"alt": i.name, "url": f"{fake.url}/p/{i.name}", "photographer": i.creator, "width": i.width, "height": i.height,
                        "src": {"original": fake.link(i)}} for i in items]}


def unsplash(fake, items):
    return {"results": [{"alt_description": i.name, "width": i.width, "height": i.height, "urls": {"full": fake.link(i)}, "user": {"name": i.creator},
                         "links": {"html": f"{fake.url}/p/{i.name}", "download_location": f"{fake.url}/photos/{i.name}/download"}} for i in items]}


# Provider: its path, its answer, the header or query field that carries the key.
PROVIDERS = {
    "commons": ("/w/api.php", commons, None),
    "openverse": ("/v1/images/", openverse, None),
    "searxng": ("/search", searxng, None),
    "serpapi": ("/search.json", serpapi, ("query", "api_key", "{}")),
    "brave": ("/res/v1/images/search", brave, ("header", "x-subscription-token", "{}")),
    "pexels": ("/v1/search", pexels, ("header", "authorization", "{}")),
    "unsplash": ("/search/photos", unsplash, ("header", "authorization", "Client-ID {}")),
}


class SearchFake(Fake):
    def __init__(self, provider, items=(), key="sk-canary", delay=0.0, reply=None):
        self.provider, self.items, self.key, self.delay, self.reply = provider, list(items), key, delay, reply
        super().__init__()

    def link(self, item):
        return item.url or f"{self.url}/pictures/{item.name}"

    def downloads(self):
        return [request.path.rsplit("/", 1)[1] for request in self.requests if request.path.startswith("/pictures/")]

    def handle(self, request):
        path, shape, key = PROVIDERS[self.provider]
        for item in self.items:
            if request.path == f"/pictures/{item.name}":
                time.sleep(item.delay)
                return Reply(item.status, item.body, {"Content-Type": "image/png"})
        if request.path.endswith("/download"):
            return Reply(200, {"url": "x"})
        if request.path != path:
            return Reply(404, {"error": "no such route"})
        if key:
            place, name, form = key
            given = (request.query if place == "query" else request.headers).get(name)
            if given != form.format(self.key):
                return Reply(401, {"error": f"Invalid API key: {given}"})
        time.sleep(self.delay)
        return self.reply or Reply(200, shape(self, self.items))
