"""Whatever comes in, the centre answers in words: no 5xx, no warning in the log.

Sizes: ``ONSITE_FUZZ`` requests of our own making, ``ONSITE_FUZZ_CASES`` made for each endpoint.
"""

import copy
import json
import os
import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import schemathesis
import zstandard
from hypothesis import HealthCheck, Phase, settings

from audit_app.central.openapi import describe
from audit_app.central.policy import Role
from audit_app.central.routes import ENDPOINTS
from audit_app.sync.protocol import Op, ProtocolError
from tests.central.people import AT, Laptop, Town
from tests.central.test_grants import Programme, answer, visit

REQUESTS = int(os.environ.get("ONSITE_FUZZ", "400"))
CASES = int(os.environ.get("ONSITE_FUZZ_CASES", "8"))
SEED = int(os.environ.get("ONSITE_FUZZ_SEED", str(random.randrange(2**32))))

WEIRD: list[Any] = [
    None,
    True,
    0,
    -1,
    2**31,
    2**53 + 1,
    2**63,
    2**64,
    10**400,
    1e308,
    float("inf"),
    float("nan"),
    -0.0,
    "",
    "\x00",
    "\ud800",
    "😀" * 50,
    "a" * 5000,
    "'; drop table answer;--",
    "../../etc/passwd",
    "2026-13-45",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-11-25",
    "P1D",
    str(uuid4()),
    str(uuid4()).upper(),
    [],
    {},
    [[[[[]]]]],
    {"\x00": "\x00"},
    {"*": 1},
    ["x", None, {"y": [1]}],
]
FIELDS = ["deleted_at", "value", "audit_id", "grade", "state", "*", "scope", "seq", "extra", "id"]

_state: dict[str, Any] = {}


@pytest.fixture(scope="module")
def fuzzed(database_url: str) -> Iterator[Town]:
    town = Town(database_url, shows_docs=True)
    _state["town"], _state["admin"] = town, town.person(Role.ADMINISTRATOR)
    yield town
    town.close()


def is_ours(response: httpx.Response) -> bool:
    """Answered by us, in our form."""
    if response.status_code >= 500:
        return False
    if response.status_code < 400:
        return True
    body = response.json()
    return isinstance(body["error"], str) and isinstance(body["words"], str)


# --- made from the description


SCHEMA = schemathesis.openapi.from_dict(describe(ENDPOINTS, "test"))


@SCHEMA.parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
    database=None,
)
def test_no_case_made_from_the_description_breaks_an_endpoint(case: Any, fuzzed: Town) -> None:
    sent = case.as_transport_kwargs(base_url="http://centre.test")
    for headers in ({}, {"Authorization": f"Bearer {_state['admin'].tokens['access']}"}):
        request = {
            "method": sent["method"],
            "url": sent["url"],
            "params": sent.get("params"),
            "json": sent.get("json"),
            "content": sent.get("data"),
            "headers": headers,
        }
        try:
            response = fuzzed.client.request(**request)
        except (httpx.InvalidURL, UnicodeError, TypeError):
            # Such a request cannot be sent at all.
            continue
        assert is_ours(response), (request, response.text)


# --- made from real requests of a device


def paths_of(value: Any) -> list[Callable[[Any], None]]:
    """Ways to put something else somewhere into a JSON tree."""
    found: list[Callable[[Any], None]] = []
    pairs: list[Any] = []
    if isinstance(value, dict):
        pairs = list(value.items())
        found.append(lambda new: value.__setitem__(random.choice(FIELDS), new))
        found.append(lambda _new: value.pop(next(iter(value), ""), None))
    elif isinstance(value, list):
        pairs = list(enumerate(value))
        found.append(value.append)
        found.append(lambda _new: value.pop() if value else None)
    for key, part in pairs:
        found.append(lambda new, key=key: value.__setitem__(key, new))  # type: ignore[misc]
        found += paths_of(part)
    return found


def mutant(value: Any, chance: random.Random) -> Any:
    box = [copy.deepcopy(value)]
    for _ in range(chance.randint(1, 4)):
        try:
            chance.choice(paths_of(box))(copy.deepcopy(chance.choice(WEIRD)))
        except (IndexError, KeyError):
            # Two changes at one place: the first one took it away.
            continue
    return box[0] if box else None


def body_of(value: Any, chance: random.Random) -> bytes:
    kind = chance.random()
    text = json.dumps(value).encode()
    if kind < 0.75:
        return zstandard.compress(text)
    if kind < 0.85:
        spoilt = bytearray(text)
        for _ in range(chance.randint(1, 8)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        return zstandard.compress(bytes(spoilt))
    packed = bytearray(zstandard.compress(text))
    if kind < 0.95:
        packed[chance.randrange(len(packed))] = chance.randrange(256)
        return bytes(packed)
    if kind < 0.97:
        return zstandard.compress(b"[" * chance.choice((10, 1000, 100_000)))
    return bytes(packed[: chance.randrange(len(packed))])


def a_request(laptop: Laptop, programme: Programme) -> dict[str, Any]:
    """A whole request with changes of several kinds."""
    changes = [
        answer(programme),
        visit(programme.vendor, programme.lisbon, uuid4()),
        (programme.audit_scope, "hologram", str(uuid4()), {"a": {"b": [1, 2]}, "c": None}),
        (programme.audit_scope, "audit", str(programme.audit), {"language": str(uuid4())}),
        (f"vendor:{uuid4()}", "vendor", str(uuid4()), {"name": "x"}),
    ]
    ops = [
        [laptop.top + n, f"g{n}", scope, kind, row, 0, values, AT]
        for n, (scope, kind, row, values) in enumerate(changes, start=1)
    ]
    return {
        "protocol": 1,
        "schema": 1,
        "app": "1.0",
        "instance": "",
        "device": str(laptop.device),
        "top": laptop.top + len(ops),
        "acked": 0,
        "ops": ops,
        "cursors": {programme.audit_scope: [0, ""], programme.vendor_scope: [1, "x"]},
        "log": {programme.vendor_scope: [[1, "x"]]},
        "limit": 100,
        "trail": [1, "ab" * 32],
        "counts": True,
    }


def test_no_mutant_of_a_request_breaks_the_sync(fuzzed: Town) -> None:
    chance = random.Random(SEED)
    random.seed(SEED)
    programme = Programme(fuzzed)
    people = [fuzzed.person(role) for role in (Role.LEAD, Role.AUDITOR, Role.READER)]
    seen: dict[int, int] = {}
    for number in range(REQUESTS):
        laptop = chance.choice(people)
        body = body_of(mutant(a_request(laptop, programme), chance), chance)
        response = laptop.ask("POST", "/v1/sync", content=body)
        assert is_ours(response), (SEED, number, body, response.text)
        seen[response.status_code] = seen.get(response.status_code, 0) + 1
        # A taken push moves the numbers on; the next one begins behind it.
        laptop.top = int(
            fuzzed.rows(_device_table(), _device_table().c.id == laptop.device)[0].last_op
        )
    # Both walls were reached: the form's, and the merge behind it.
    assert seen.get(200, 0) > REQUESTS // 10, seen
    assert seen.get(422, 0) > REQUESTS // 20, seen


def _device_table() -> Any:
    from audit_app.central.tables import DEVICE

    return DEVICE


@pytest.mark.parametrize(("no", "base"), [(True, 0), (1, False), (0, 0), (1, -1), (1.0, 0)])
def test_an_op_is_numbered_with_whole_numbers(no: Any, base: Any) -> None:
    """Found by a mutant: true passed for the number 1 and broke the query behind it."""
    Op.read([1, "g", "library", "template", "row", 0, {}, AT])
    with pytest.raises(ProtocolError):
        Op.read([no, "g", "library", "template", "row", base, {}, AT])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x28\xb5\x2f\xfd",
        zstandard.compress(b"[" * 1_000_000),
        zstandard.compress(b"{}" + b" " * (70 * 1024 * 1024)),
        zstandard.compress(b"9" * 100_000),
        zstandard.compress(b'"' + b"\\ud800" * 1000 + b'"'),
    ],
    ids=["empty", "headless", "deep", "bomb", "long number", "half signs"],
)
def test_hostile_bodies_are_refused_in_words(fuzzed: Town, body: bytes) -> None:
    response = fuzzed.person(Role.LEAD).ask("POST", "/v1/sync", content=body)
    assert response.status_code == 422
    assert response.json()["error"] == "form"


def test_a_body_that_is_too_large_is_not_read(fuzzed: Town) -> None:
    response = fuzzed.person(Role.LEAD).ask("POST", "/v1/sync", content=b"x" * (17 * 1024 * 1024))
    assert response.status_code == 413
    response = fuzzed.client.post("/v1/devices", content=b"x" * 70_000)
    assert response.status_code == 413


def test_a_planted_mistake_would_be_found(fuzzed: Town) -> None:
    assert not is_ours(httpx.Response(500, json={"error": "failed", "words": "x"}))
    with pytest.raises(KeyError):
        is_ours(httpx.Response(400, json={"detail": "x"}))
