#!/usr/bin/python3
"""Makes the small pictures that the tests decode and damage. Needs python3-pil; run once, results are in the tree.

Every picture shows the same scene: red top left, green top right, blue bottom left, yellow bottom right, 64 x 48 pixels.
"""
import pathlib

from PIL import Image, ImageCms, ImageDraw

HERE = pathlib.Path(__file__).resolve().parent
SIZE = (64, 48)
COLOURS = [(220, 30, 30), (30, 180, 30), (30, 30, 220), (230, 220, 30)]


def scene(mode="RGB"):
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    for i, colour in enumerate(COLOURS):
        x, y = i % 2 * 32, i // 2 * 24
        draw.rectangle((x, y, x + 31, y + 23), fill=colour)
    return image.convert(mode)


def save(name, image, **options):
    image.save(HERE / name, **options)


def main():
    save("plain.png", scene())
    palette = scene().quantize(4)
    save("palette.png", palette)
    alpha = scene("RGBA")
    alpha.paste((0, 0, 0, 0), (0, 0, 32, 24))
    save("transparent.png", alpha)
    deep = Image.new("I;16", SIZE)
    deep.putdata([min(65535, x * 1024) for _ in range(SIZE[1]) for x in range(SIZE[0])])
    save("deep16.png", deep)
    save("baseline.jpg", scene(), quality=92, subsampling=0)
    save("progressive.jpg", scene(), quality=92, progressive=True, subsampling=0)
    save("cmyk.jpg", scene("CMYK"), quality=92)
    save("grey.jpg", scene("L"), quality=92)
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was held upright: turn clockwise to show.
    save("turned.jpg", scene(), quality=92, exif=exif, subsampling=0)
    save("srgb_profile.jpg", scene(), quality=92, icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    frames = [scene().quantize(16), Image.new("RGB", SIZE, (1, 2, 3)).quantize(4)]
    frames[0].save(HERE / "animated.gif", save_all=True, append_images=frames[1:], duration=50)
    save("plain.webp", scene(), lossless=True)
    save("lossy.webp", scene(), quality=90)
    save("plain.tif", scene(), compression="tiff_lzw")
    save("plain.bmp", scene())
    save("palette.bmp", palette)


main()
