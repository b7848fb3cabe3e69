"""What all fake servers share: a real HTTP server on a free port of 127.0.0.1 that records what it is asked."""

import http.server
import json
import threading
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit


@dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    """A reply; `chunks` (an iterable of bytes, chunked encoding) takes the place of `body`."""

    status: int = 200
    body: object = b""
    headers: dict = field(default_factory=dict)
    chunks: object = None
    cut: bool = False  # Close the connection in the middle of the body.


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        split = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(self.command, split.path, {k: v[-1] for k, v in parse_qs(split.query, keep_blank_values=True).items()},
                          {k.lower(): v for k, v in self.headers.items()}, self.rfile.read(length))
        fake = self.server.fake
        with fake.lock:
            fake.requests.append(request)
            fake.inside += 1
            fake.most_inside = max(fake.most_inside, fake.inside)
        try:
            self.send(fake.handle(request))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            with fake.lock:
                fake.inside -= 1

    def send(self, reply):
        body = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        headers = {"Content-Type": "application/json", **reply.headers}
        self.send_response(reply.status)
        for name, value in headers.items():
            self.send_header(name, value)
        if reply.chunks is None:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body[: len(body) // 2] if reply.cut else body)
        else:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for chunk in reply.chunks:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            if not reply.cut:
                self.wfile.write(b"0\r\n\r\n")
        if reply.cut:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256  # Clients may come all at once.

    def handle_error(self, *_):
        pass  # A client that goes away in the middle is what some tests are about.


class Fake:
    """One fake server. Subclasses define handle(request) -> Reply."""

    port_wanted = 0  # Any free one.

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []
        self.inside = 0
        self.most_inside = 0
        self.server = Server(("127.0.0.1", self.port_wanted), Handler)
        self.server.fake = self
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def port(self):
        return self.server.server_address[1]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def asked(self, path):
        return [request for request in self.requests if request.path == path]

    def handle(self, request):
        raise NotImplementedError

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
