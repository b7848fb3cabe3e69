"""What every picture operation does to pixels, through `llmi tool edit` and so through llmi-picture. The expected
pixels are worked out here by Pillow or by hand, never by our own code."""

import unittest

from PIL import Image, ImageChops, ImageOps

from program import Program

RED, GREEN, BLUE, YELLOW = (200, 40, 40), (30, 160, 60), (40, 60, 190), (240, 220, 90)
# What the colour words mean; docs name no values, so the tests do.
MARK_RED, PAPER = (220, 38, 38), (255, 255, 255)


def quarters(width=120, height=80):
    """Red and green above, blue and yellow below."""
    image = Image.new("RGB", (width, height))
    for index, colour in enumerate((RED, GREEN, BLUE, YELLOW)):
        image.paste(colour, (index % 2 * width // 2, index // 2 * height // 2, (index % 2 + 1) * width // 2, (index // 2 + 1) * height // 2))
    return image


def changed(image, change):
    """Every channel by change(channel index, value), rounded and clipped."""
    channels = [channel.point([min(255, max(0, round(change(index, value)))) for value in range(256)]) for index, channel in enumerate(image.split())]
    return Image.merge("RGB", channels)


class EditPixelsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = Program()
        cls.source = quarters()

    def edit(self, instruction, source=None):
        path, out = self.program.home / "in.png", self.program.home / "out.png"
        (source or self.source).save(path)
        done = self.program.run("tool", "edit", path, instruction, "--out", out)
        self.assertEqual(done.code, 0, done.err)
        return Image.open(out).copy()

    def assert_same(self, found, expected, tolerance=0):
        self.assertEqual(found.size, expected.size)
        difference = ImageChops.difference(found.convert(expected.mode), expected)
        worst = max(band.getextrema()[1] for band in difference.split())
        self.assertLessEqual(worst, tolerance)

    def test_geometry_is_exact(self):
        source = self.source
        expected = {
            "crop the left half": source.crop((0, 0, 60, 80)),
            "crop to the bottom third": source.crop((0, 53, 120, 80)),
            "keep the top right quarter": source.crop((60, 0, 120, 40)),
            "crop to the central 50%": source.crop((30, 20, 90, 60)),
            "crop 10% from each side": source.crop((12, 8, 108, 72)),
            "crop 5 px from the top": source.crop((0, 5, 120, 80)),
            "cut off the left half": source.crop((60, 0, 120, 80)),
            "crop to a square": source.crop((20, 0, 100, 80)),
            "crop to 2:1": source.crop((0, 10, 120, 70)),
            "rotate 90 degrees clockwise": source.transpose(Image.ROTATE_270),
            "rotate left": source.transpose(Image.ROTATE_90),
            "rotate 180 degrees": source.transpose(Image.ROTATE_180),
            "flip horizontally": source.transpose(Image.FLIP_LEFT_RIGHT),
            "flip it upside down": source.transpose(Image.FLIP_TOP_BOTTOM),
            "flip horizontally and vertically": source.transpose(Image.ROTATE_180),
        }
        for instruction, picture in expected.items():
            with self.subTest(instruction):
                self.assert_same(self.edit(instruction), picture)

    def test_rotation_by_any_angle_leaves_the_corners_clear(self):
        turned = self.edit("rotate 45 degrees")
        self.assertEqual(turned.mode, "RGBA")
        self.assertAlmostEqual(turned.width, (120 + 80) / 2 ** 0.5, delta=2)
        self.assertEqual(turned.getpixel((0, 0))[3], 0)
        self.assertEqual(turned.getpixel((turned.width // 2, turned.height // 2))[3], 255)
        # Clockwise: what was red, on the left above, is now above.
        self.assert_near(turned.getpixel((turned.width // 2 + 14, 26))[:3], RED, 40)

    def assert_near(self, found, expected, tolerance):
        self.assertLessEqual(max(abs(a - b) for a, b in zip(found, expected)), tolerance, (found, expected))

    def test_resize(self):
        for instruction, size in {"resize to 50%": (60, 40), "resize to 30x90": (30, 90), "resize it to 60 pixels wide": (60, 40),
                                  "make it 160 px high": (240, 160), "make it twice as big": (240, 160), "make it 25% smaller": (90, 60)}.items():
            with self.subTest(instruction):
                found = self.edit(instruction)
                self.assertEqual(found.size, size)
                for index, colour in enumerate((RED, GREEN, BLUE, YELLOW)):
                    at = (size[0] * (1 + index % 2 * 2) // 4, size[1] * (1 + index // 2 * 2) // 4)
                    self.assert_near(found.convert("RGB").getpixel(at), colour, 2)

    def test_tone(self):
        weights = ((0.393, 0.769, 0.189, 0), (0.349, 0.686, 0.168, 0), (0.272, 0.534, 0.131, 0))
        expected = {
            # Weights of Rec. 709.
            "make it black and white": self.source.convert("RGB", (0.2126, 0.7152, 0.0722, 0) * 3),
            "make it sepia": self.source.convert("RGB", sum(weights, ())),
            "make it 20% brighter": changed(self.source, lambda _, v: v * 1.2),
            "make it half as bright": changed(self.source, lambda _, v: v * 0.5),
            "twice as bright": changed(self.source, lambda _, v: v * 2),
            "increase contrast by 50%": changed(self.source, lambda _, v: 127.5 + (v - 127.5) * 1.5),
            "make it warmer": changed(self.source, lambda channel, v: v * (1.1, 1, 0.9)[channel]),
            "make it 40% cooler": changed(self.source, lambda channel, v: v * (0.8, 1, 1.2)[channel]),
            "add a blue overlay at 40% opacity": changed(self.source, lambda channel, v: v * 0.6 + (37, 99, 235)[channel] * 0.4),
        }
        for instruction, picture in expected.items():
            with self.subTest(instruction):
                self.assert_same(self.edit(instruction).convert("RGB"), picture, 2)

    def test_saturation_keeps_lightness(self):
        less = self.edit("reduce the saturation by half").convert("RGB").getpixel((10, 10))
        lightness = 0.2126 * RED[0] + 0.7152 * RED[1] + 0.0722 * RED[2]
        self.assert_near(less, [(value + lightness) / 2 for value in RED], 2)

    def test_blur_softens_edges_only(self):
        found = self.edit("blur by 3 px").convert("RGB")
        self.assertEqual(found.size, self.source.size)
        self.assert_near(found.getpixel((20, 15)), RED, 2)
        edge = found.getpixel((60, 15))
        self.assertTrue(all(min(a, b) < value < max(a, b) for a, value, b in zip(RED, edge, GREEN)), edge)

    def test_sharpen_steepens_edges(self):
        soft = self.edit("blur by 2 px")
        sharp = self.edit("sharpen it", soft)
        def slope(picture):
            return abs(picture.convert("RGB").getpixel((62, 15))[0] - picture.convert("RGB").getpixel((57, 15))[0])
        self.assertGreater(slope(sharp), slope(soft))
        self.assert_near(sharp.convert("RGB").getpixel((20, 15)), RED, 3)

    def test_border_is_exact(self):
        for instruction, width, colour in (("add a 10 px white border", 10, PAPER), ("add a 5% black frame", 4, (0, 0, 0)),
                                           ("add a #ff8800 border, 3 px wide", 3, (0xff, 0x88, 0))):
            with self.subTest(instruction):
                self.assert_same(self.edit(instruction).convert("RGB"), ImageOps.expand(self.source, width, colour))

    def test_caption_stands_below_and_covers_nothing(self):
        source = quarters(400, 300)
        for where, top in (("at the bottom", False), ("at the top", True)):
            found = self.edit(f"add the caption 'Paris 1900' {where}", source).convert("RGB")
            band = found.height - 300
            self.assertGreater(band, 20)
            self.assert_same(found.crop((0, band, 400, band + 300)) if top else found.crop((0, 0, 400, 300)), source)
            strip = found.crop((0, 0, 400, band)) if top else found.crop((0, 300, 400, found.height))
            self.assertEqual(strip.getpixel((1, 1)), PAPER)
            box = ImageChops.invert(strip.convert("L")).point(lambda v: 255 if v > 128 else 0).getbbox()
            self.assertIsNotNone(box)
            self.assertAlmostEqual((box[0] + box[2]) / 2, 200, delta=6)

    def test_label_is_written_where_asked(self):
        source = Image.new("RGB", (300, 300), (90, 90, 90))
        for place, (x, y) in {"top left corner": (0, 0), "bottom right corner": (1, 1)}.items():
            found = self.edit(f"write 'Hello' in red in the {place}", source).convert("RGB")
            box = ImageChops.difference(found, source).convert("L").point(lambda v: 255 if v > 20 else 0).getbbox()
            self.assertTrue((box[2] < 150) if x == 0 else (box[0] > 150), box)
            self.assertTrue((box[3] < 150) if y == 0 else (box[1] > 150), box)
            self.assertTrue(any(abs(p[0] - 220) < 12 and p[1] < 60 for p in found.crop(box).getdata()))

    def test_marks_are_drawn_where_asked(self):
        source = Image.new("RGB", (200, 200), (235, 235, 235))
        marks = {
            "put a red circle around the centre": [(60, 100), (140, 100), (100, 60), (100, 140)],
            "draw a red box in the centre": [(66, 100), (134, 100), (100, 66), (100, 134)],
            "draw a red box around the left half": [(4, 100), (96, 100), (50, 4), (50, 196)],
            "add a red arrow pointing right": [(80, 100), (100, 100), (122, 100)],
            "add a red arrow from the top left to the bottom right": [(60, 60), (100, 100), (140, 140)],
        }
        for instruction, points in marks.items():
            with self.subTest(instruction):
                found = self.edit(instruction, source).convert("RGB")
                for point in points:
                    self.assert_near(found.getpixel(point), MARK_RED, 25)
                self.assertEqual(found.getpixel((198, 1)), (235, 235, 235))
                self.assertEqual(found.size, source.size)

    def test_side_by_side_has_the_original_on_the_left(self):
        found = self.edit("make it grey, then put it side by side with the original").convert("RGB")
        self.assertEqual(found.height, 80)
        self.assert_same(found.crop((0, 0, 120, 80)), self.source)
        right = found.crop((found.width - 120, 0, found.width, 80))
        self.assertTrue(all(r == g == b for r, g, b in right.getdata()))

    def test_transparency_is_kept(self):
        source = self.source.convert("RGBA")
        source.putalpha(Image.linear_gradient("L").resize(source.size))
        for instruction in ("make it black and white", "rotate 180 degrees", "make it warmer"):
            with self.subTest(instruction):
                found = self.edit(instruction, source)
                self.assertEqual(found.mode, "RGBA")
                alpha = source.getchannel("A")
                self.assert_same(found.getchannel("A"), alpha.transpose(Image.ROTATE_180) if "rotate" in instruction else alpha, 1)

    def test_order_counts(self):
        found = self.edit("crop the left half, then rotate 90 degrees clockwise and add a 2 px black border").convert("RGB")
        self.assert_same(found, ImageOps.expand(self.source.crop((0, 0, 60, 80)).transpose(Image.ROTATE_270), 2, (0, 0, 0)))

    def test_what_this_picture_does_not_allow_is_a_fault(self):
        path = self.program.home / "in.png"
        self.source.save(path)
        for instruction in ("crop 100 px from the left and right", "resize to 8000x8000", "blur by 400 px"):
            done = self.program.run("tool", "edit", path, instruction, "--out", self.program.home / "never.png", "--json")
            self.assertEqual(done.code, 4, instruction + done.out)
            self.assertIn('"stage":"tool"', done.out.replace(" ", ""))


if __name__ == "__main__":
    unittest.main()
