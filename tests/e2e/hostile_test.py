"""Hostile pictures: bombs, truncated files, wrong types, references. Each is a fault of stage decode within seconds, and
nothing is left behind."""

import os
import pathlib
import random
import resource
import struct
import time
import unittest
import zlib

from program import ROOT, Program

PICTURES = ROOT / "tests/data/pictures"


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, depth=8, colour=2, extra=b""):
    head = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + extra + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def damaged(data):
    at = data.index(b"IDAT") + 20
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1:]


def svg(body, attributes='width="100" height="100"', before=""):
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{body}</svg>'.encode()


def entity_bomb():
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    return svg("<text>&e11;</text>", before=f'<!DOCTYPE svg [<!ENTITY e0 "boom">{levels}]>')


def jpeg_of_many_scans():
    data = (PICTURES / "progressive.jpg").read_bytes()
    scan = data.index(b"\xff\xda")
    return data[:scan] + data[scan:-2] * 3000 + data[-2:]


def cases():
    zeros = zlib.compress(bytes(1 << 20), 9)
    yield "empty", b""
    yield "text", b"this is no picture\n" * 100
    yield "page", b"<!doctype html><html><body><img src=x onerror=alert(1)></body></html>"
    yield "postscript", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n(/etc/passwd) (r) file\n"
    yield "portable document", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
    yield "archive", b"PK\x03\x04" + bytes(200)
    yield "program", pathlib.Path("/usr/bin/true").read_bytes()
    yield "noise", random.Random(1).randbytes(5000)
    yield "png bomb", png(60_000, 60_000, zeros)
    yield "png bomb, one bit", png(200_000, 200_000, zeros, depth=1, colour=0)
    yield "png without pixels", png(0, 0, b"")
    yield "png of one endless row", png(2_000_000_000, 1, zeros)
    yield "png whose pixels are no deflate stream", png(400, 400, b"x" * 2000)
    yield "png with one wrong byte", damaged(png(40, 40, zlib.compress(bytes(121 * 40))))
    yield "png text bomb", png(4, 4, zlib.compress(bytes(4 * 13)), extra=png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(200 << 20), 9)))[:3_000_000][:-9]
    yield "gif bomb", b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x01\x00\x00;"
    yield "bitmap bomb", b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 100_000, 100_000, 1, 24, 0, 0, 0, 0, 0, 0)
    yield "webp bomb", b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff\xff\xff\xff"
    yield "tiff bomb", b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + struct.pack("<HHII", 256, 4, 1, 400_000) + struct.pack("<HHII", 257, 4, 1, 400_000) + bytes(4)
    yield "jpeg of many scans", jpeg_of_many_scans()
    yield "svg of a huge size", svg("", 'width="10000000" height="10000000"')
    yield "svg entity bomb", entity_bomb()
    yield "svg that reads a file", svg('<image xlink:href="file:///etc/passwd" width="9" height="9"/>')
    yield "svg that reads a neighbour", svg('<image href="plain.png" width="9" height="9"/>')
    yield "svg that calls home", svg('<image href="http://192.0.2.1/x.png" width="9" height="9"/>')
    yield "svg with an external entity", svg("<text>&x;</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>')
    yield "svg with an imported style", svg('<style>@import url("http://192.0.2.1/x.css");</style>')
    for sample in sorted(PICTURES.iterdir()):
        if sample.suffix in (".png", ".jpg", ".webp", ".gif", ".bmp", ".tif"):
            data = sample.read_bytes()
            yield f"{sample.name} cut", data[: max(12, len(data) // 3)]


class HostilePictureTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()

    def edit(self, path, timeout=60):
        out = self.program.home / "out.png"
        out.unlink(missing_ok=True)
        done = self.program.run("tool", "edit", path, "make it black and white", "--out", out, "--json", timeout=timeout)
        return done, out.exists()

    def test_every_one_is_refused_in_time(self):
        tried = 0
        for name, data in cases():
            with self.subTest(name):
                path = self.program.home / "hostile.png"
                path.write_bytes(data)
                begin = time.monotonic()
                done, made = self.edit(path)
                self.assertEqual(done.code, 4, done.out + done.err)
                self.assertIn('"stage":"decode"', done.out)
                self.assertFalse(made)
                self.assertLess(time.monotonic() - begin, 30)
                tried += 1
        self.assertGreater(tried, 35)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 1_500_000, "kilobytes of the largest process")

    def test_paths_that_are_no_files(self):
        fifo = self.program.home / "fifo"
        os.mkfifo(fifo)
        for path in (fifo, "/dev/zero", "/dev/tty", self.program.home, "/nonexistent"):
            done, made = self.edit(path, timeout=20)
            self.assertEqual(done.code, 2, (path, done.out + done.err))
            self.assertFalse(made)

    def test_a_picture_with_something_behind_it_loses_that(self):
        path = self.program.home / "polyglot.png"
        path.write_bytes((PICTURES / "plain.png").read_bytes() + b"<script>alert(1)</script>")
        done, made = self.edit(path)
        self.assertEqual(done.code, 0, done.out + done.err)
        self.assertNotIn(b"script", (self.program.home / "out.png").read_bytes())

    def test_nothing_is_left_behind(self):
        before = set(os.listdir("/tmp"))
        path = self.program.home / "bomb.png"
        path.write_bytes(jpeg_of_many_scans())
        self.edit(path)
        self.assertEqual({name for name in set(os.listdir("/tmp")) - before if "llmi" in name}, set())


if __name__ == "__main__":
    unittest.main()
