"""What a camera, a display or a careless hand does to a picture of a code; each drawn from a symbol of one pixel a module.

Pillow and the standard library only. Pillow's own noise takes no seed, so noise is random bytes, each looked up in the normal
distribution's quantiles.
"""

import io
import math
from functools import cache
from random import Random
from statistics import NormalDist

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.camera_frame import CODE, FRAME, framed, moved, square

BORDER = 4


def plainly(symbol: Image.Image, _: float, random: Random) -> Image.Image:
    return framed(symbol, random)


def blurred(symbol: Image.Image, sigma: float, random: Random) -> Image.Image:
    return framed(symbol, random).filter(ImageFilter.GaussianBlur(sigma))


def noisy(symbol: Image.Image, sigma: float, random: Random) -> Image.Image:
    return _with_noise(framed(symbol, random), sigma, random)


def unevenly_lit(symbol: Image.Image, fall: float, random: Random) -> Image.Image:
    return _darkened(framed(symbol, random), fall, random)


@cache
def _quantiles(sigma: float) -> list[int]:
    normal = NormalDist(128, sigma)
    return [max(0, min(255, round(normal.inv_cdf((byte + 0.5) / 256)))) for byte in range(256)]


def _with_noise(picture: Image.Image, sigma: float, random: Random) -> Image.Image:
    noise = Image.frombytes("L", picture.size, random.randbytes(picture.width * picture.height))
    return ImageChops.add(picture, noise.point(_quantiles(sigma)), 1, -128)


def _darkened(picture: Image.Image, fall: float, random: Random) -> Image.Image:
    """The light falls off from one side to the opposite one."""
    light = Image.linear_gradient("L").rotate(random.choice((0, 90, 180, 270)))
    return ImageChops.multiply(
        picture, light.resize(picture.size).point(lambda level: round(255 * (1 - fall) + level * fall))
    )


def clean(symbol: Image.Image, pixels: float, random: Random) -> Image.Image:
    return symbol.resize((symbol.width * int(pixels),) * 2, Image.Resampling.NEAREST)


def perspective(symbol: Image.Image, amount: float, random: Random) -> Image.Image:
    return framed(symbol, random, moved(square(CODE), amount, random))


def rotated(symbol: Image.Image, angle: float, random: Random) -> Image.Image:
    turn = math.radians(angle)
    side = min(CODE, (FRAME[1] - 10) / (math.sin(turn) + math.cos(turn)))
    return framed(symbol, random, square(side, angle))


def moire(symbol: Image.Image, pitch: float, random: Random, *, depth: float) -> Image.Image:
    """The frame as a display shows it whose pixels are `pitch` of the camera's apart, and darker by `depth` between them."""
    seen = framed(symbol, random)
    for across in (True, False):
        length, phase = FRAME[not across], random.random()
        levels = bytes(
            round(255 * (1 - depth * (1 - math.cos(2 * math.pi * (at / pitch + phase))) / 2))
            for at in range(length)
        )
        line = Image.frombytes("L", (length, 1) if across else (1, length), levels)
        seen = ImageChops.multiply(seen, line.resize(FRAME, Image.Resampling.NEAREST))
    return seen


def photo(symbol: Image.Image, quality: float, random: Random) -> Image.Image:
    corners = moved(square(500, random.uniform(-15, 15)), 0.05, random)
    seen = framed(symbol, random, corners).filter(ImageFilter.GaussianBlur(1))
    seen = _with_noise(_darkened(seen, 0.75, random), 8, random)
    out = io.BytesIO()
    seen.save(out, "JPEG", quality=int(quality))
    return Image.open(out).convert("L")


def inverted(symbol: Image.Image, aside: float, random: Random) -> Image.Image:
    return perspective(ImageChops.invert(symbol), aside, random)


def occluded(symbol: Image.Image, share: float, random: Random) -> Image.Image:
    seen = framed(symbol, random)
    inner = CODE * (1 - 2 * BORDER / symbol.width)
    side = inner * math.sqrt(share)
    left, top = (middle / 2 - side / 2 + random.uniform(-0.1, 0.1) * inner for middle in FRAME)
    ImageDraw.Draw(seen).rectangle((left, top, left + side, top + side), fill=128)
    return seen


def low_contrast(symbol: Image.Image, black: float, random: Random) -> Image.Image:
    white = {100: 150, 115: 140}[int(black)]
    return framed(symbol, random).point(lambda level: round(black + level * (white - black) / 255))


def module_size(symbol: Image.Image, pixels: float, random: Random) -> Image.Image:
    seen = framed(symbol, random, square(min(symbol.width * pixels, FRAME[1])))
    return seen.filter(ImageFilter.GaussianBlur(0.6))
