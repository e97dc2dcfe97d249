"""The cover of the webinar on creative hubs: circles of light, joined, on deep blue."""

import math
import random
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from scripts.demo_assets.look import AMBER, DEEP, INK, LINE, PAPER, to_rgb

WIDTH, HEIGHT = 1600, 900
FINER = 2

Point = tuple[float, float]

# Where the hubs lie, in parts of the width and height, and how large each is drawn.
HUBS = ((0.30, 0.56, 150), (0.56, 0.34, 108), (0.74, 0.66, 128), (0.88, 0.27, 64), (0.12, 0.24, 58))
JOINED = ((0, 1), (1, 2), (0, 2), (1, 3), (0, 4), (2, 3))


def make_cover(path: Path) -> None:
    chance = random.Random(2019)  # noqa: S311  Only dots are drawn by it.
    size = (WIDTH * FINER, HEIGHT * FINER)
    picture = draw_ground(size)
    hubs = [(x * size[0], y * size[1], radius * FINER) for x, y, radius in HUBS]
    picture = Image.composite(
        Image.new("RGB", size, AMBER), picture, draw_glow(size, hubs=hubs).point(lambda v: v // 3)
    )
    draw = ImageDraw.Draw(picture)
    for a, b in JOINED:
        draw_strands(draw, start=hubs[a][:2], end=hubs[b][:2])
    for x, y, radius in hubs:
        draw_hub(draw, centre=(x, y), radius=radius, chance=chance)
    picture.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(path, quality=72, method=6)


def draw_ground(size: tuple[int, int]) -> Image.Image:
    """A soft fall from deep blue at the top to ink at the bottom."""
    fall = Image.linear_gradient("L").resize(size)
    return Image.composite(Image.new("RGB", size, INK), Image.new("RGB", size, DEEP), fall)


def draw_glow(size: tuple[int, int], *, hubs: list[tuple[float, float, int]]) -> Image.Image:
    small = (size[0] // 8, size[1] // 8)
    glow = Image.new("L", small, 0)
    draw = ImageDraw.Draw(glow)
    for x, y, radius in hubs:
        draw.circle((x / 8, y / 8), radius / 8 * 1.05, fill=150)
    return glow.filter(ImageFilter.GaussianBlur(26)).resize(size, Image.Resampling.BICUBIC)


def draw_strands(draw: ImageDraw.ImageDraw, *, start: Point, end: Point) -> None:
    """Several fine curves from hub to hub, each bent a little more than the one before."""
    for bend in (-0.16, -0.08, 0.0, 0.08, 0.16):
        draw.line(bow(start, end, bend=bend), fill=to_rgb(LINE), width=FINER * 2, joint="curve")


def bow(start: Point, end: Point, *, bend: float) -> list[Point]:
    across = (end[0] - start[0], end[1] - start[1])
    points = []
    for step in range(61):
        part = step / 60
        rise = bend * math.sin(math.pi * part)
        x = start[0] + across[0] * part - across[1] * rise
        y = start[1] + across[1] * part + across[0] * rise
        points.append((x, y))
    return points


def draw_hub(
    draw: ImageDraw.ImageDraw, *, centre: Point, radius: int, chance: random.Random
) -> None:
    """A disc, a ring, and small circles around it for the people who come."""
    draw.circle(centre, radius * 0.62, fill=to_rgb(INK), outline=to_rgb(AMBER), width=FINER * 4)
    draw.circle(centre, radius * 0.24, fill=to_rgb(AMBER))
    draw.circle(centre, radius, outline=to_rgb(LINE), width=FINER * 2)
    people = max(5, radius // (FINER * 11))
    for number in range(people):
        angle = 2 * math.pi * (number + chance.uniform(-0.25, 0.25)) / people
        place = (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
        colour = chance.choice((PAPER, PAPER, AMBER))
        draw.circle(place, FINER * chance.uniform(4, 10), fill=to_rgb(colour))
