"""The centre's photo routes as a process of their own, to be killed: URL OBJECTS PORT LEASE."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import httpx
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from audit_app.central.blobs import routes
from audit_app.central.database import Database
from audit_app.central.intake import Sender
from audit_app.central.machine import free_port
from audit_app.central.objects import open_objects
from audit_app.central.refusals import TurnedAway, device_revoked, no_token
from audit_app.central.tables import DEVICE
from audit_app.central.uploads import Uploads

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROOT = Path(__file__).parents[2]


def main() -> None:
    """Serve until killed."""
    url, address, port, lease = sys.argv[1:]
    database = Database(url)

    def authenticate(request: Request) -> Sender:
        try:
            device = UUID(request.headers.get("authorization", "").removeprefix("Bearer "))
        except ValueError as error:
            raise no_token() from error
        row = database.run(lambda c: c.execute(select(DEVICE).where(DEVICE.c.id == device)).first())
        if row is None or row.revoked_at is not None:
            raise device_revoked()
        return Sender(device, row.user_id, row.name)

    objects = open_objects(address)
    uploads = Uploads(authenticate, database, objects, lease=float(lease))

    async def refuse(_request: Request, error: Exception) -> Response:
        assert isinstance(error, TurnedAway)
        return JSONResponse({"error": error.code, "words": error.message}, error.status)

    app = Starlette(
        exception_handlers={TurnedAway: refuse},
        routes=routes(authenticate, database, objects, lambda text: KEY.sign(text).hex(), uploads),
    )
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")


class Program:
    """One such process, which may be killed and started again at the same address."""

    def __init__(self, url: str, objects: str, *, lease: float = 1.0) -> None:
        self._args = [url, objects]
        self._lease = lease
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Run, and wait until it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *self._args, str(self.port), str(self._lease)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )
        while True:
            if self._process.poll() is not None:
                assert self._process.stderr is not None
                raise AssertionError(self._process.stderr.read().decode()[-2000:])
            try:
                httpx.get(self.address, timeout=2)
            except httpx.TransportError:
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """As the power does."""
        if self._process is not None:
            self._process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
            self._process.wait()
            assert self._process.stderr is not None
            said = self._process.stderr.read().decode()
            self._process.stderr.close()
            self._process = None
            assert "Traceback" not in said, said[-3000:]


if __name__ == "__main__":
    main()
