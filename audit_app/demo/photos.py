"""Photos of the demo, drawn by the program: no real site, no real person."""

import io
import random
from datetime import datetime

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1600, 1200)
_CABLES = ("#C0392B", "#2D6CDF", "#E2B93B", "#3A9D5D", "#D9D9D9")


def draw_photo(scene: str, seed: int, taken_at: datetime) -> bytes:
    """JPEG bytes of one scene: "desk", "screen", "rack", "door", "board" or "document".

    Args:
        seed: the same seed gives the same picture.
        taken_at: written into the EXIF data as a camera would, in local time.
    """
    rng = random.Random(seed)  # noqa: S311 (a picture, not a secret)
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    {
        "desk": _desk,
        "screen": _screen,
        "rack": _rack,
        "door": _door,
        "board": _board,
        "document": _document,
    }[scene](draw, rng)
    image = image.filter(ImageFilter.BoxBlur(1))
    image = _light(image, rng)
    exif = Image.Exif()
    exif[0x0110] = "Demo camera"
    exif.get_ifd(0x8769)[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
    exif.get_ifd(0x8769)[0x9011] = taken_at.strftime("%z")[:3] + ":" + taken_at.strftime("%z")[3:]
    data = io.BytesIO()
    image.save(data, "JPEG", quality=84, exif=exif)
    return data.getvalue()


def _light(image: Image.Image, rng: random.Random) -> Image.Image:
    """A soft fall of light from one side, as a lamp gives it."""
    left, top = rng.randint(200, 1300), rng.randint(100, 800)
    # The gradient is 256 points wide and high; the part that is seen is enlarged to the picture.
    across, down = 256 / (SIZE[0] * 2), 256 / (SIZE[1] * 2)
    box = (left * across, top * down, (left + SIZE[0]) * across, (top + SIZE[1]) * down)
    mask = Image.radial_gradient("L").resize(SIZE, box=box)
    dark = Image.new("RGB", SIZE, "#0B0F14")
    return Image.composite(dark, image, mask.point([int(value * 0.6) for value in range(256)]))


def _room(draw: ImageDraw.ImageDraw, wall: str, floor: str, horizon: int) -> None:
    draw.rectangle((0, 0, SIZE[0], horizon), fill=wall)
    draw.rectangle((0, horizon, SIZE[0], SIZE[1]), fill=floor)


def _monitor(draw: ImageDraw.ImageDraw, x: int, y: int, width: int, rng: random.Random) -> None:
    height = int(width * 0.62)
    draw.rectangle(
        (x + width // 2 - 24, y + height, x + width // 2 + 24, y + height + 70), "#1B1F24"
    )
    draw.rounded_rectangle((x, y, x + width, y + height), 14, "#14181D")
    draw.rectangle(
        (x + 14, y + 14, x + width - 14, y + height - 14),
        rng.choice(("#3E76B8", "#2F5D8C", "#F2F4F6")),
    )
    for line in range(7):
        top = y + 34 + line * (height - 60) // 7
        length = rng.randint(width // 4, width - 90)
        draw.rounded_rectangle((x + 34, top, x + 34 + length, top + 12), 6, "#CFE0F2")


def _desk(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#C9CDCB", "#8D9693", 520)
    draw.polygon(((0, 760), (1600, 690), (1600, 1200), (0, 1200)), "#8A5A38")
    _monitor(draw, rng.randint(150, 320), 250, 620, rng)
    _monitor(draw, rng.randint(880, 960), 280, 540, rng)
    draw.rounded_rectangle((420, 860, 900, 980), 16, "#2A2E33")
    for row in range(3):
        for key in range(12):
            left = 440 + key * 37
            draw.rounded_rectangle((left, 876 + row * 32, left + 30, 900 + row * 32), 5, "#43494F")
    x = rng.randint(1000, 1180)
    draw.rounded_rectangle((x, 840, x + 120, 1040), 18, "#15181C")
    draw.rounded_rectangle((x + 8, 852, x + 112, 1028), 10, "#5B87B5")
    draw.polygon(((1260, 900), (1490, 880), (1510, 1080), (1280, 1100)), "#F4F1E4")
    for line in range(6):
        draw.line((1290, 925 + line * 26, 1480, 910 + line * 26), "#9AA0A3", 4)
    note = rng.randint(960, 1010)
    draw.polygon(
        ((note, 1080), (note + 110, 1070), (note + 116, 1170), (note + 6, 1180)), "#F6DE5B"
    )


def _screen(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#3B4148", "#23282D", 900)
    draw.rounded_rectangle((140, 110, 1460, 940), 24, "#0D1014")
    draw.rectangle((176, 146, 1424, 904), "#F5F7F9")
    draw.rectangle((176, 146, 1424, 216), "#1F4E79")
    for tile in range(4):
        left = 216 + tile * 300
        draw.rounded_rectangle((left, 250, left + 270, 380), 12, "#E3E9F0")
        draw.rounded_rectangle(
            (left + 24, 280, left + 24 + rng.randint(90, 200), 304), 8, "#7C93AB"
        )
        draw.rounded_rectangle((left + 24, 326, left + 150, 350), 8, "#B3C1D0")
    for row in range(10):
        top = 420 + row * 46
        tint = "#FBE1DD" if rng.random() < 0.18 else "#FFFFFF"
        draw.rectangle((216, top, 1384, top + 40), tint)
        for column, width in ((236, 120), (420, 360), (840, 200), (1120, 220)):
            draw.rounded_rectangle(
                (column, top + 13, column + rng.randint(width // 2, width), top + 27), 6, "#9AA9B8"
            )


def _rack(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#2A2E34", "#1A1D21", 1060)
    for left in (120, 620, 1120):
        draw.rectangle((left, 70, left + 380, 1090), "#0E1114")
        draw.rectangle((left + 20, 90, left + 360, 1070), "#1C2126")
        for unit in range(16):
            top = 104 + unit * 60
            draw.rectangle((left + 30, top, left + 350, top + 46), "#2C333A")
            for port in range(14):
                colour = "#5EE08A" if rng.random() < 0.6 else "#39424B"
                draw.rectangle(
                    (left + 44 + port * 21, top + 16, left + 54 + port * 21, top + 26), colour
                )
    for _ in range(46):
        left, top = rng.choice((120, 620, 1120)) + rng.randint(40, 330), rng.randint(120, 980)
        points = [(left, top)]
        for _bend in range(5):
            left, top = left + rng.randint(-60, 60), top + rng.randint(20, 70)
            points.append((left, top))
        draw.line(points, rng.choice(_CABLES), 7, joint="curve")


def _door(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#D8D6CF", "#7B7F80", 1000)
    draw.rectangle((520, 140, 1100, 1010), "#51585D")
    opening = rng.randint(120, 260)
    draw.rectangle((550, 170, 1070, 1010), "#20262B")
    draw.polygon(
        ((550, 170), (1070 - opening, 230), (1070 - opening, 1070), (550, 1010)), "#9AA7B0"
    )
    draw.rectangle((1000 - opening, 600, 1040 - opening, 690), "#E3E6E8")
    draw.rounded_rectangle((1160, 520, 1260, 690), 14, "#23292F")
    draw.ellipse((1190, 545, 1230, 585), "#D64545")
    draw.rounded_rectangle((1180, 610, 1240, 660), 6, "#3E4750")
    draw.polygon(((560, 1010), (700, 1020), (690, 1065), (552, 1050)), "#B9773B")
    draw.rectangle((150, 240, 420, 420), "#2E7D4F")
    draw.polygon(
        ((210, 330), (300, 270), (300, 310), (370, 310), (370, 350), (300, 350), (300, 390)),
        "#F4F7F5",
    )


def _board(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#B9BEC1", "#6E6A63", 1040)
    draw.rounded_rectangle((160, 120, 1440, 960), 18, "#8E9499")
    draw.rectangle((190, 150, 1410, 930), "#FAFBFA")
    for column in range(4):
        left = 230 + column * 295
        draw.rectangle((left, 190, left + 255, 240), "#DDE5EC")
        for row in range(rng.randint(3, 6)):
            top = 270 + row * 105
            colour = rng.choice(("#F6DE5B", "#F3A6A0", "#A9D8B8", "#A8C8EC"))
            draw.rectangle((left + 10, top, left + 235, top + 88), colour)
            for line in range(3):
                draw.line(
                    (
                        left + 26,
                        top + 20 + line * 22,
                        left + rng.randint(110, 220),
                        top + 20 + line * 22,
                    ),
                    "#5C6166",
                    5,
                )


def _document(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    _room(draw, "#4A3B31", "#5A4738", 30)
    draw.polygon(((330, 90), (1260, 60), (1300, 1160), (300, 1180)), "#F7F5EE")
    draw.rectangle((420, 160, 900, 205), "#2B3A4A")
    for line in range(19):
        top = 260 + line * 44
        length = rng.randint(420, 760)
        draw.line((420, top, 420 + length, top), "#8A8F94", 9)
    draw.ellipse((980, 960, 1160, 1090), outline="#2D5FA6", width=10)
    draw.line([(440 + step * 26, 1080 + rng.randint(-28, 28)) for step in range(14)], "#1D2F6F", 6)
