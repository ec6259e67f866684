"""The way to the centre over HTTPS: requests, tokens, and what went wrong in words."""

import json
import ssl
from collections.abc import Generator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import truststore

from audit_app.clock import Clock
from audit_app.errors import AuditError
from audit_app.sync.credentials import Credentials, load_credentials, save_credentials
from audit_app.sync.engine import SignInNeeded, Unreachable
from audit_app.sync.protocol import (
    CONTENT_TYPE,
    Answer,
    ProtocolError,
    Request,
    pack,
    unpack,
)
from db.store import Store

PATIENCE = httpx.Timeout(10.0, read=120.0, write=120.0)
"""Seconds: quick to notice that nobody is there, patient with a bad line."""

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_address(text: str) -> str:
    """An address in its one spelling.

    Raises:
        AuditError: it is none, or what is sent there could be read on the way.
    """
    address = text.strip().rstrip("/")
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise AuditError(
            f"“{text}” is not the address of a central store.",
            "It looks like https://audits.example.com.",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise AuditError(
            "An address that begins with http:// can be read by others on the way.",
            "Use the one that begins with https://.",
        )
    return address


def open_client(address: str, auth: httpx.Auth | None = None) -> httpx.Client:
    """A connection that trusts what this computer trusts, and nothing plain beyond it."""
    trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trust.minimum_version = ssl.TLSVersion.TLSv1_2
    return httpx.Client(
        base_url=address,
        verify=trust,
        auth=auth,
        timeout=PATIENCE,
        follow_redirects=False,
        trust_env=urlsplit(address).hostname not in _LOOPBACK,
    )


class DeviceAuth(httpx.Auth):
    """Puts the token on each request, and trades it in when it has run out.

    Only a refusal is read here: a photo is to be read piece by piece by whoever asked for it.
    """

    def __init__(self, store: Store, clock: Clock, credentials: Credentials) -> None:
        self._store = store
        self._clock = clock
        self._credentials = credentials

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        if not self._credentials.is_fresh(self._clock.now()):
            yield from self._trade(request)
        response = yield self._with_token(request)
        if response.status_code == 401:
            response.read()
        if response.status_code == 401 and _word(response) == "token":
            # This clock was wrong, or the centre has ended the token early.
            yield from self._trade(request)
            yield self._with_token(request)

    def _with_token(self, request: httpx.Request) -> httpx.Request:
        request.headers["Authorization"] = f"Bearer {self._credentials.access}"
        return request

    def _trade(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        mine = self._credentials
        if not mine.refresh:
            raise _sign_in_needed()
        body = {"device": mine.device, "refresh": mine.refresh, "signature": mine.sign_refresh()}
        target = request.url.copy_with(path="/v1/tokens/refresh", query=None)
        response = yield httpx.Request("POST", target, json=body)
        response.read()
        if response.status_code == 401 and _word(response) == "token":
            self._keep(mine.without_tokens())
            raise _sign_in_needed()
        check(response)
        self._keep(mine.with_tokens(body_of(response), self._clock.now()))

    def _keep(self, credentials: Credentials) -> None:
        self._credentials = credentials
        save_credentials(self._store, credentials)


class HttpTransport:
    """Carries requests to the centre that this workspace is joined to."""

    def __init__(self, store: Store, clock: Clock) -> None:
        address, credentials = load_credentials(store)
        self.client = open_client(address, DeviceAuth(store, clock, credentials))

    def exchange(self, request: Request) -> Answer:
        """Ask and wait; see ``Transport``.

        Raises:
            Unreachable: no answer came, or none of a centre.
            SignInNeeded: the password is wanted again.
            AuditError: the account or the device is not accepted.
        """
        try:
            response = self.client.post(
                "/v1/sync", content=pack(request), headers={"Content-Type": CONTENT_TYPE}
            )
        except httpx.HTTPError as error:
            raise in_words(error) from error
        check(response)
        try:
            return Answer.read(unpack(response.content))
        except ProtocolError as error:
            raise not_a_centre() from error

    def close(self) -> None:
        """Give up the connection."""
        self.client.close()


def in_words(error: httpx.HTTPError) -> Unreachable:
    """What a broken connection means to the auditor."""
    match error:
        case httpx.ConnectTimeout() | httpx.ConnectError() if _is_distrust(error):
            return Unreachable(
                "The central store could not prove who it is.",
                "Nothing was sent. Ask your administrator about its certificate.",
            )
        case httpx.ConnectTimeout() | httpx.ConnectError():
            return Unreachable(
                "The central store cannot be reached.",
                "Nothing is lost; Onsite tries again when there is a network.",
            )
        case httpx.TimeoutException():
            return Unreachable(
                "The central store did not answer in time.", "Nothing is lost; try again."
            )
    return Unreachable(
        "The connection to the central store broke off.", "Nothing is lost; try again."
    )


def check(response: httpx.Response) -> None:
    """Go on only with a good answer.

    Raises:
        Unreachable: the centre is in trouble or busy.
        AuditError: it does not accept this.
    """
    status = response.status_code
    if status < 300:
        return
    said = _said(response)
    words = str(said.get("words", ""))
    if status >= 500 or status in {408, 429}:
        raise Unreachable(
            words or "The central store is in trouble.", "Nothing is lost; try again in a while."
        )
    if not words:
        raise not_a_centre()
    if said.get("error") == "token":
        raise _sign_in_needed()
    raise AuditError(words, _HINTS.get(str(said.get("error")), ""))


_HINTS: Mapping[str, str] = {
    "credentials": "Check the code and the password; a code holds ten minutes.",
    "revoked": "What is on this device stays; ask your administrator to enrol it again.",
}


def body_of(response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a good answer.

    Raises:
        Unreachable: it is none.
    """
    try:
        body = json.loads(response.content)
    except ValueError as error:
        raise not_a_centre() from error
    if not isinstance(body, dict):
        raise not_a_centre()
    return body


def not_a_centre() -> Unreachable:
    """Something answers there, but it is no central store: a hotel's sign-in page, perhaps."""
    return Unreachable(
        "What answers at this address is not a central store.",
        "If the network has a sign-in page, open it in a browser first.",
    )


def _sign_in_needed() -> SignInNeeded:
    return SignInNeeded(
        "The central store wants your password again.", "Sign in under Sync; nothing is lost."
    )


def _word(response: httpx.Response) -> str:
    return str(_said(response).get("error", ""))


def _said(response: httpx.Response) -> dict[str, Any]:
    try:
        said = json.loads(response.content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _is_distrust(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
