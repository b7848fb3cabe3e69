"""A proxy that spoils connections: it cuts, delays, corrupts or drips what servers answer."""

import random
import socket
import threading
import time


class ChaosProxy:
    """Stands before the server at `port`. `mode`: cut (after some bytes), reset, delay (before the reply), corrupt (bytes are
    changed), drip (a few bytes at a time), refuse (connections are closed at once), calm. What it does is decided by `seed`."""

    def __init__(self, port, mode, seed=0):
        self.target, self.mode, self.random = port, mode, random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.open = True
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self):
        while self.open:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.mode == "refuse":
                client.close()
                continue
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        threading.Thread(target=self.pump, args=(client, server, False), daemon=True).start()
        self.pump(server, client, True)

    def pump(self, source, sink, spoil):
        left = self.random.randrange(200, 1500)
        try:
            while piece := source.recv(65536):
                if spoil:
                    piece, go_on = self.spoiled(piece, left, sink)
                    left -= len(piece)
                    if not go_on:
                        break
                else:
                    sink.sendall(piece)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def spoiled(self, piece, left, sink):
        """Sends what is to be sent; whether the connection goes on."""
        if self.mode in ("cut", "reset") and len(piece) > left:
            sink.sendall(piece[:left])
            if self.mode == "reset":
                sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            return piece, False
        if self.mode == "corrupt":
            data = bytearray(piece)
            for _ in range(max(1, len(data) // 300)):
                data[self.random.randrange(len(data))] = self.random.randrange(256)
            piece = bytes(data)
        if self.mode == "delay":
            time.sleep(0.3)
        if self.mode == "drip":
            for at in range(0, len(piece), 97):
                sink.sendall(piece[at : at + 97])
                time.sleep(0.0005)
            return piece, True
        sink.sendall(piece)
        return piece, True

    def close(self):
        self.open = False
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
