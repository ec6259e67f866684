"""What taking in a photo costs: 12 megapixels, three renditions, against decoding it at all.

The floor is what no JPEG program goes below: unpacking the photo's bits, with the picture itself
made at an eighth of its size. Prints rows for scripts/write_benchmarks.py.
"""

import io
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from audit_app.clock import SystemClock
from db.renditions import SIZES, make_renditions
from db.store import Store

ROUNDS = 15
SIZE = (4000, 3000)
BUDGET = 1.5


def a_busy_photo() -> bytes:
    """JPEG bytes as dense as a telephone's: about a quarter of a byte a pixel."""
    grain = Image.effect_noise((SIZE[0] // 2, SIZE[1] // 2), 24)
    grain = grain.resize(SIZE, Image.Resampling.BICUBIC)
    slope = Image.linear_gradient("L").resize(SIZE)
    mirrored = slope.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    bands = (Image.blend(slope, grain, 0.45), Image.blend(mirrored, grain, 0.35), grain)
    data = io.BytesIO()
    Image.merge("RGB", bands).save(data, "JPEG", quality=90)
    return data.getvalue()


def decode_only(data: bytes) -> None:
    """The floor."""
    image = Image.open(io.BytesIO(data))
    image.draft("RGB", (SIZE[0] // 8, SIZE[1] // 8))
    image.load()
    if image.size != (SIZE[0] // 8, SIZE[1] // 8):
        raise RuntimeError(f"the decoder made {image.size} of it")


def seconds_of_work(work: Callable[[], object]) -> float:
    """Processor time of this thread: what other programs do does not count."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def keep(store: Store, data: bytes, images: dict[int, bytes]) -> None:
    """Original and renditions, encrypted and durable; the smallest lies in the database."""
    sha256 = store.photos.put(data)
    for size in SIZES[:2]:
        store.photos.put_rendition(sha256, size, images[size])


def main() -> int:
    """Measure floor and import in turn."""
    data = a_busy_photo()
    made = make_renditions(data)
    floors, works, keeps = [], [], []
    with tempfile.TemporaryDirectory() as place:
        store = Store.create(Path(place) / "workspace", SystemClock())
        decode_only(data)
        for number in range(ROUNDS):
            floors.append(seconds_of_work(lambda: decode_only(data)))
            works.append(seconds_of_work(lambda: make_renditions(data)))
            # Another photo each time: one that is here already is only read.
            fresh = data + bytes([number])
            start = time.perf_counter()
            keep(store, fresh, made.images)
            keeps.append(time.perf_counter() - start)
        store.close()
    ratio = statistics.median(work / floor for work, floor in zip(works, floors, strict=True))
    printed = [
        {
            "what": "photo import, 12 MP, three renditions",
            "unit": "×",
            "measured": ratio,
            "budget": BUDGET,
            "note": "times the decode floor, processor time of one core, in turn with it; decode "
            f"at half size, {', '.join(str(size) for size in SIZES)} px, three JPEGs. "
            "Half of it is the decode, a third the step from 2000 to 1600 px",
        },
        {
            "what": "the same in time",
            "unit": "ms",
            "measured": statistics.median(works) * 1000,
            "note": f"a photo of {len(data) / 1e6:.1f} MB; the floor alone is "
            f"{statistics.median(floors) * 1000:.0f} ms",
        },
        {
            "what": "keeping it: hash, encrypt, three files durable",
            "unit": "ms",
            "measured": statistics.median(keeps) * 1000,
            "note": "wall time, two fsyncs a file",
        },
    ]
    json.dump(printed, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
