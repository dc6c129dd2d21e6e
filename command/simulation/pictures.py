"""A handful of drawn photos that simulated reports share; 示例 is written on each."""

import copy
import hashlib
import io
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from command.simulation.scenes import SCALE, SIZE, draw_scene
from workflow.attachments import THUMB_SIDE, Photo, write

# What a close view shows of the scene.
CLOSE = (140, 165, 700, 585)
# The two signs 示例 as strokes in squares of 100: no font with Chinese signs need be installed.
STROKES = (
    ((26, 14), (74, 14)),
    ((8, 40), (92, 40)),
    ((50, 40), (50, 94), (37, 86)),
    ((30, 56), (12, 82)),
    ((70, 56), (90, 80)),
    ((130, 8), (108, 50)),
    ((120, 32), (120, 94)),
    ((134, 16), (172, 16)),
    ((151, 16), (134, 58)),
    ((145, 36), (168, 36), (158, 66), (136, 92)),
    ((146, 54), (156, 64)),
    ((180, 24), (180, 68)),
    ((195, 8), (195, 92), (183, 84)),
)


class Picture(Photo):
    """A photo that brings its thumbnail along."""

    def __init__(self, content: io.BytesIO, name: str) -> None:
        super().__init__(content)
        small = thumb(content)
        path = write(small, hashlib.sha256(small).hexdigest(), ".jpg")
        self.facts |= {"name": name, "thumb": path}

    def labelled(self, label: str) -> "Picture":
        other = copy.copy(self)
        other.label = label
        return other


@cache
def picture(scene: str, put_right: bool, near: bool, media_root: str) -> Picture:
    """The picture of a scene, before or after; drawn and stored once for each store."""
    content = io.BytesIO()
    paint(scene, put_right, near).save(content, "JPEG", quality=84)
    stage = "after" if put_right else "near" if near else "before"
    return Picture(content, f"示例-{scene}-{stage}.jpg")


def paint(scene: str, put_right: bool, near: bool = False) -> Image.Image:
    large = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE))
    draw_scene(ImageDraw.Draw(large), scene, put_right)
    view = [side * SCALE for side in (CLOSE if near else (0, 0, *SIZE))]
    image = large.resize(SIZE, Image.Resampling.BICUBIC, box=view)
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.frombytes("L", SIZE, Random(scene).randbytes(SIZE[0] * SIZE[1]))
    image = Image.blend(image, Image.merge("RGB", [grain] * 3), 0.06)
    sign(ImageDraw.Draw(image), left=20, top=SIZE[1] - 64, size=44)
    return image


def sign(draw: ImageDraw.ImageDraw, left: int, top: int, size: int) -> None:
    """Write 示例 on a dark label."""
    draw.rounded_rectangle(
        (left - 10, top - 10, left + 2.06 * size + 10, top + size + 10), 6, fill=(20, 24, 32)
    )
    for stroke in STROKES:
        points = [(left + x * size / 100, top + y * size / 100) for x, y in stroke]
        draw.line(points, fill=(255, 255, 255), width=max(2, size // 14), joint="curve")


def thumb(content: io.BytesIO) -> bytes:
    content.seek(0)
    out = io.BytesIO()
    with Image.open(content) as image:
        image.thumbnail((THUMB_SIDE, THUMB_SIDE))
        image.save(out, "JPEG", quality=80)
    return out.getvalue()
