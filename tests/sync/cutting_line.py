"""A line on the loopback address that breaks after so many bytes."""

import contextlib
import socket
import struct
import threading
from collections.abc import Callable


class CuttingLine:
    """Passes bytes on to a port, and breaks all its connections where it is told to."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.up = self.down = 0
        """Bytes passed on each way."""
        self._cut_at: tuple[str, int] | None = None
        self._on_cut: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut_after(self, way: str, count: int, on_cut: Callable[[], None] | None = None) -> None:
        """Break off once, after so many more bytes ``up`` or ``down``."""
        with self._lock:
            passed = self.up if way == "up" else self.down
            self._cut_at, self._on_cut = (way, passed + count), on_cut

    def forget_cut(self) -> None:
        with self._lock:
            self._cut_at = None

    def close(self) -> None:
        self._listener.close()
        self._break_all()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            with self._lock:
                self._open |= {near, far}
            for one, other, way in ((near, far, "up"), (far, near, "down")):
                threading.Thread(target=self._pump, args=(one, other, way), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket, way: str) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(16_384):
                passed, is_cut, on_cut = self._count(way, data)
                other.sendall(passed)
                if is_cut:
                    # The other end gets to see what came before the cut.
                    if on_cut is not None:
                        on_cut()
                    self._break_all()
                    return
            other.shutdown(socket.SHUT_WR)

    def _count(self, way: str, data: bytes) -> tuple[bytes, bool, Callable[[], None] | None]:
        with self._lock:
            before = self.up if way == "up" else self.down
            is_cut = (
                self._cut_at is not None
                and self._cut_at[0] == way
                and before + len(data) >= self._cut_at[1]
            )
            on_cut = None
            if is_cut and self._cut_at is not None:
                data = data[: max(0, self._cut_at[1] - before)]
                self._cut_at, on_cut = None, self._on_cut
            if way == "up":
                self.up += len(data)
            else:
                self.down += len(data)
            return data, is_cut, on_cut

    def _break_all(self) -> None:
        with self._lock:
            broken, self._open = self._open, set()
        for end in broken:
            with contextlib.suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RDWR)
            end.close()
