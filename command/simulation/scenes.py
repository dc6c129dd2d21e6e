"""What the drawn photos show: a street of the old town, with something wrong or put right."""

import math
from collections.abc import Callable
from random import Random

from PIL import ImageDraw

SIZE = WIDTH, HEIGHT = 800, 600
SCALE = 2
EAVES, KERB, ROAD = 90, 360, 430
Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]

ASPHALT, PAVING, JOINT = (92, 94, 98), (186, 180, 170), (160, 154, 146)
WALLS = ((214, 206, 190), (176, 158, 142), (226, 222, 214), (158, 120, 100), (198, 204, 206))
GLASS, DOOR, DARK = (92, 112, 128), (86, 72, 62), (26, 26, 28)


def draw_scene(draw: Draw, scene: str, put_right: bool) -> None:
    pen = Pen(draw, Random(scene))
    street(pen)
    THINGS.get(scene, bystander)(pen, put_right)


class Pen:
    """Draws in the picture's own points, whatever the scale of the canvas."""

    def __init__(self, draw: Draw, rng: Random) -> None:
        self.draw, self.rng = draw, rng

    def area(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def box(self, x: float, y: float, w: float, h: float, fill: Colour) -> None:
        self.area([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], fill)

    def disc(self, x: float, y: float, w: float, h: float, fill: Colour) -> None:
        box = [(x - w) * SCALE, (y - h) * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self.draw.ellipse(box, fill=fill)

    def ring(self, x: float, y: float, w: float, h: float, colour: Colour, width: float) -> None:
        box = [(x - w) * SCALE, (y - h) * SCALE, (x + w) * SCALE, (y + h) * SCALE]
        self.draw.ellipse(box, outline=colour, width=round(width * SCALE))

    def line(self, points: list[tuple[float, float]], colour: Colour, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def blob(
        self, x: float, y: float, w: float, h: float, fill: Colour, rough: float = 0.2
    ) -> None:
        """An uneven patch."""
        points = []
        for step in range(24):
            turn, size = math.tau * step / 24, 1 + self.rng.uniform(-rough, rough)
            points.append((x + w * size * math.cos(turn), y + h * size * math.sin(turn)))
        self.area(points, fill)


def street(pen: Pen) -> None:
    for y in range(EAVES + 60):
        shade = y / (EAVES + 60)
        pen.box(0, y, WIDTH, 1, (round(168 + 60 * shade), round(190 + 42 * shade), 236))
    left = -20.0
    while left < WIDTH:
        width = pen.rng.uniform(130, 220)
        house(pen, left, EAVES + pen.rng.uniform(-50, 40), width)
        left += width
    pen.box(0, KERB - 20, WIDTH, ROAD - KERB + 20, PAVING)
    for row in range(5):
        y = KERB - 20 + row * 18
        pen.line([(0, y), (WIDTH, y)], JOINT, 1)
    for column in range(-10, 40):
        pen.line([(column * 30 + 90, KERB - 20), (column * 42 - 60, ROAD)], JOINT, 1)
    pen.box(0, ROAD, WIDTH, 8, (206, 204, 198))
    pen.box(0, ROAD + 8, WIDTH, HEIGHT - ROAD, ASPHALT)
    for mark in range(-1, 5):
        x = mark * 220 + 40
        pen.area([(x, 545), (x + 100, 545), (x + 108, 555), (x + 4, 555)], (222, 222, 216))


def house(pen: Pen, left: float, top: float, width: float) -> None:
    wall = pen.rng.choice(WALLS)
    pen.box(left, top, width, KERB - top, wall)
    pen.box(left, top, width, 7, tuple(round(c * 0.7) for c in wall))  # type: ignore[arg-type]
    for row in range(3):
        for column in range(int(width // 52)):
            y, x = top + 24 + row * 52, left + 16 + column * 52
            if y < KERB - 130:
                pen.box(x, y, 26, 32, GLASS)
                pen.line([(x + 13, y), (x + 13, y + 32)], (226, 226, 222), 2)
    shop = pen.rng.choice(((152, 44, 38), (38, 84, 120), (54, 96, 66), (166, 120, 44)))
    pen.box(left + 8, KERB - 112, width - 16, 24, shop)
    pen.box(left + 8, KERB - 88, width - 16, 68, (118, 130, 136))
    pen.box(left + width * 0.6, KERB - 84, 34, 64, DOOR)


def bystander(pen: Pen, put_right: bool) -> None:
    """Somebody walks by: for what cannot be drawn."""
    x = 500 if put_right else 300
    pen.disc(x, 300, 9, 10, (196, 152, 124))
    pen.area([(x - 13, 312), (x + 13, 312), (x + 10, 352), (x - 10, 352)], (52, 70, 110))
    pen.line([(x - 4, 352), (x - 8, 394)], (40, 40, 46), 7)
    pen.line([(x + 4, 352), (x + 9, 394)], (40, 40, 46), 7)


def manhole(pen: Pen, put_right: bool) -> None:
    pen.disc(400, 500, 108, 42, (60, 60, 62))
    pen.disc(400, 500, 98, 37, (78, 76, 74))
    for size in (0.8, 0.55, 0.3):
        pen.ring(400, 500, 98 * size, 37 * size, (56, 54, 52), 3)
    if not put_right:
        pen.blob(440, 506, 44, 18, DARK, 0.35)
        pen.line([(400, 480), (352, 512), (320, 508)], DARK, 3)
        cone(pen, 560, 520)


def cone(pen: Pen, x: float, y: float) -> None:
    pen.area([(x - 6, y - 70), (x + 6, y - 70), (x + 24, y), (x - 24, y)], (224, 86, 34))
    pen.area([(x - 12, y - 44), (x + 12, y - 44), (x + 16, y - 26), (x - 16, y - 26)], (244,) * 3)
    pen.box(x - 32, y, 64, 7, (60, 60, 60))


def garbage(pen: Pen, put_right: bool) -> None:
    pen.box(560, 300, 44, 86, (44, 104, 70))
    pen.box(614, 300, 44, 86, (46, 82, 140))
    if put_right:
        return
    for number in range(12):
        x, y = 430 + pen.rng.uniform(-90, 120), 386 + pen.rng.uniform(-22, 26)
        colour = pen.rng.choice(((34, 34, 38), (58, 74, 96), (206, 202, 192), (150, 116, 78)))
        pen.blob(x, y, pen.rng.uniform(16, 32), pen.rng.uniform(12, 24), colour, 0.18)
        if number % 3 == 0:
            pen.box(x + 20, y + 4, 16, 10, (232, 228, 214))


def road(pen: Pen, put_right: bool) -> None:
    if put_right:
        pen.area([(290, 470), (500, 470), (520, 540), (270, 540)], (58, 58, 60))
        return
    pen.blob(400, 504, 118, 36, (66, 62, 58), 0.25)
    pen.blob(404, 508, 84, 23, (44, 40, 38), 0.3)
    for _stone in range(22):
        x, y = 400 + pen.rng.uniform(-130, 130), 504 + pen.rng.uniform(-40, 40)
        pen.blob(x, y, 5, 3, (120, 114, 106), 0.3)
    cone(pen, 250, 530)


def stall(pen: Pen, put_right: bool) -> None:
    if put_right:
        pen.line([(60, 352), (740, 352)], (214, 180, 40), 5)
        return
    pen.line([(300, 200), (300, 392)], (120, 120, 120), 5)
    pen.area([(180, 236), (300, 178), (420, 236)], (196, 52, 46))
    pen.area([(260, 236), (300, 178), (340, 236)], (236, 226, 210))
    for x in (200, 320, 470):
        pen.box(x, 352, 96, 8, (150, 112, 76))
        pen.line([(x + 10, 360), (x + 6, 402)], (90, 90, 90), 4)
        pen.line([(x + 86, 360), (x + 90, 402)], (90, 90, 90), 4)
        for fruit in range(6):
            colour = pen.rng.choice(((216, 92, 40), (210, 178, 52), (150, 40, 44), (96, 140, 60)))
            pen.disc(x + 10 + fruit * 15, 346, 8, 8, colour)
    for x in (440, 580, 640):
        pen.disc(x, 398, 17, 8, (54, 104, 168))


def parking(pen: Pen, put_right: bool) -> None:
    for number in range(4 if put_right else 11):
        if put_right:
            bicycle(pen, 180 + number * 60, 372, 0)
        else:
            bicycle(pen, 130 + number * 50, 376 + pen.rng.uniform(-22, 20), pen.rng.uniform(-9, 9))


def bicycle(pen: Pen, x: float, y: float, lean: float) -> None:
    colour = ((42, 110, 190), (232, 190, 44), (78, 160, 110))[round(x) % 3]
    pen.ring(x, y, 17, 17, (40, 40, 42), 3)
    pen.ring(x + 46, y + lean, 17, 17, (40, 40, 42), 3)
    pen.line([(x, y), (x + 20, y - 22), (x + 46, y + lean), (x + 14, y - 4), (x, y)], colour, 4)
    pen.line([(x + 38, y - 34), (x + 46, y + lean)], colour, 4)
    pen.line([(x + 30, y - 36), (x + 46, y - 34)], (40, 40, 42), 4)
    pen.box(x + 10, y - 30, 16, 5, (40, 40, 42))


def tree(pen: Pen, put_right: bool) -> None:
    if put_right:
        pen.line([(250, 390), (252, 210)], (98, 78, 60), 18)
        leaves(pen, 252, 170, 96, 74)
    else:
        pen.line([(180, 470), (470, 420)], (98, 78, 60), 18)
        leaves(pen, 540, 420, 130, 66)
        cone(pen, 140, 540)


def leaves(pen: Pen, x: float, y: float, w: float, h: float) -> None:
    for _leaf in range(46):
        at_x, at_y = x + pen.rng.uniform(-w, w), y + pen.rng.uniform(-h, h)
        colour = pen.rng.choice(((72, 112, 58), (92, 132, 66), (58, 92, 50), (140, 134, 60)))
        pen.blob(at_x, at_y, 26, 18, colour, 0.3)


def wire(pen: Pen, put_right: bool) -> None:
    pen.line([(120, 400), (120, 60)], (110, 106, 102), 10)
    pen.line([(690, 400), (690, 60)], (110, 106, 102), 10)
    deep = 26 if put_right else 290
    for strand in range(2 if put_right else 5):
        sag = [
            (
                120 + 570 * t / 30,
                80 + strand * 5 + (deep - strand * 18) * math.sin(math.pi * t / 30),
            )
            for t in range(31)
        ]
        pen.line(sag, (24, 24, 26), 3)


def building(pen: Pen, put_right: bool) -> None:
    pen.box(220, 40, 360, 320, (206, 196, 178))
    for row in range(3):
        for column in range(3):
            pen.box(252 + column * 112, 66 + row * 92, 60, 58, GLASS)
    if put_right:
        return
    crack = [(330, 50), (346, 110), (336, 160), (366, 214), (356, 270), (384, 350)]
    pen.line(crack, (62, 54, 46), 5)
    pen.line([(366, 214), (430, 236), (446, 280)], (62, 54, 46), 3)
    pen.blob(352, 180, 24, 34, (150, 118, 92), 0.3)
    pen.line([(150, 372), (650, 372)], (212, 60, 44), 5)


def water(pen: Pen, put_right: bool) -> None:
    if put_right:
        pen.blob(400, 500, 150, 40, (84, 86, 90), 0.2)
        return
    pen.blob(400, 490, 300, 66, (116, 134, 148), 0.1)
    pen.blob(420, 486, 210, 40, (146, 164, 178), 0.15)
    for size in (20, 40, 64):
        pen.ring(400, 486, size, size / 3, (196, 208, 216), 2)
    cone(pen, 660, 540)


def lamp(pen: Pen, put_right: bool) -> None:
    for x, height in ((160, 330), (400, 250), (610, 190)):
        foot = ROAD - 8 - (330 - height) / 4
        pen.line([(x, foot), (x, foot - height), (x + 44, foot - height)], (70, 72, 76), 8)
        if put_right:
            pen.disc(x + 48, foot - height + 6, 26, 16, (252, 240, 180))
        pen.disc(x + 48, foot - height + 4, 16, 8, (250, 232, 150) if put_right else (60, 60, 60))


THINGS: dict[str, Callable[[Pen, bool], None]] = {
    "manhole": manhole,
    "garbage": garbage,
    "road": road,
    "stall": stall,
    "parking": parking,
    "tree": tree,
    "wire": wire,
    "building": building,
    "water": water,
    "lamp": lamp,
}
