"""A bad line on loopback: connections are reset, cut in the middle, held up or swallowed."""

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

_PIECE = 4096
_RESET = struct.pack("ii", 1, 0)


class Fault(StrEnum):
    """What can happen to one connection."""

    RESET = "reset"
    """Nothing gets through."""
    HALF_UP = "half up"
    """The request is cut somewhere."""
    HALF_DOWN = "half down"
    """The request arrives whole, its answer does not."""
    DELAY = "delay"
    BLACK_HOLE = "black hole"
    """The request arrives, and then nothing comes for longer than anybody waits."""


@dataclass
class Chaos:
    """A proxy before one port; ``rate`` of all connections meet a fault, drawn by ``seed``."""

    port: int
    seed: int
    rate: float = 0.1
    met: dict[Fault, int] = field(default_factory=lambda: dict.fromkeys(Fault, 0))

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._is_open = True
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where the bad line begins."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """No more connections."""
        self._is_open = False
        self._listener.close()

    def _draw(self) -> tuple[Fault | None, int]:
        with self._lock:
            if self._dice.random() >= self.rate:
                return None, 0
            fault = self._dice.choice(list(Fault))
            self.met[fault] += 1
            return fault, self._dice.randint(1, 3000)

    def _accept(self) -> None:
        while self._is_open:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        fault, place = self._draw()
        if fault is Fault.RESET:
            _reset(near)
            return
        if fault is Fault.DELAY:
            time.sleep(0.3)
        try:
            far = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        except OSError:
            _reset(near)
            return
        up = place if fault is Fault.HALF_UP else None
        down = {Fault.HALF_DOWN: place // 8, Fault.BLACK_HOLE: 0}.get(fault) if fault else None
        is_silent = fault is Fault.BLACK_HOLE
        there = threading.Thread(target=_pump, args=(near, far, up, False), daemon=True)
        there.start()
        _pump(far, near, down, is_silent)
        there.join(30)
        near.close()
        far.close()


def _pump(source: socket.socket, target: socket.socket, most: int | None, is_silent: bool) -> None:
    """Carry bytes until an end, or until so many are through; then cut or fall silent."""
    left = most
    try:
        while data := source.recv(_PIECE):
            if left is not None:
                if len(data) >= left:
                    if left:
                        target.sendall(data[:left])
                    if is_silent:
                        time.sleep(3)
                    _reset(target)
                    _reset(source)
                    return
                left -= len(data)
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        _reset(target)


def _reset(end: socket.socket) -> None:
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        end.close()
    except OSError:
        pass


@contextmanager
def chaos(port: int, seed: int, rate: float = 0.1) -> Iterator[Chaos]:
    """A bad line for as long as it is needed."""
    made = Chaos(port, seed, rate)
    try:
        yield made
    finally:
        made.close()
