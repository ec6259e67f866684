"""HTTP to an ASGI app in this process, for clients that wait for their answers."""

import asyncio
import threading
from typing import Any

import httpx


class InProcess(httpx.BaseTransport):
    """Carries requests to the app, in an event loop of its own."""

    def __init__(self, app: Any, *, address: str = "127.0.0.1") -> None:
        self._inner = httpx.ASGITransport(app, client=(address, 50000))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return asyncio.run_coroutine_threadsafe(self._carry(request), self._loop).result(120)

    async def _carry(self, request: httpx.Request) -> httpx.Response:
        asked = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.content
        )
        answer = await self._inner.handle_async_request(asked)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def client_of(app: Any, *, address: str = "127.0.0.1") -> httpx.Client:
    """A client of the app."""
    return httpx.Client(
        transport=InProcess(app, address=address), base_url="http://centre.test", timeout=120
    )
