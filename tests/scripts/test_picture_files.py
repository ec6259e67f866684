"""Pictures are kept small only where nobody sees it."""

import random
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from scripts.picture_files import SEEN, keep_small


def test_a_screen_is_brought_down_to_few_colours_and_looks_the_same(tmp_path: Path) -> None:
    file = tmp_path / "screen.png"
    screen = Image.new("RGB", (400, 300), "#F2F3EF")
    screen.paste("#2347C5", (20, 20, 200, 80))
    screen.save(file)

    keep_small(file)

    with Image.open(file) as kept:
        assert kept.mode == "P"
        difference = ImageChops.difference(kept.convert("RGB"), screen)
    assert max(ImageStat.Stat(difference).mean) < SEEN


def test_a_photo_keeps_its_colours(tmp_path: Path) -> None:
    file = tmp_path / "photo.png"
    photo = Image.frombytes("RGB", (256, 256), random.Random(7).randbytes(256 * 256 * 3))
    photo.save(file)

    keep_small(file)

    with Image.open(file) as kept:
        assert kept.mode == "RGB"
        assert ImageChops.difference(kept, photo).getbbox() is None
