"""Users, scopes and rows at a centre, and a plain tus client to send bytes with."""

import hashlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from sqlalchemy import Engine, create_engine, delete, insert, select, update
from sqlalchemy.engine import make_url

from audit_app.central.tables import BLOB, DEVICE, RECORD_TABLES, SCOPE, SCOPE_MEMBER, UPLOAD
from audit_app.sync.protocol.blobs import BlobVerdict, Offer, Reply

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
CHUNK = 256 * 1024


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class CentreRows:
    """What stands in the centre's database, written past the program."""

    owner: Engine

    @staticmethod
    def at(url: str) -> "CentreRows":
        return CentreRows(create_engine(make_url(url).set(drivername="postgresql+psycopg")))

    def device(self, *scopes: str, role: str = "auditor") -> UUID:
        """A device whose user is a member of these scopes."""
        device, user = uuid4(), uuid4()
        with self.owner.begin() as connection:
            connection.execute(
                insert(DEVICE).values(
                    id=device,
                    user_id=user,
                    name="laptop",
                    last_op=0,
                    app="",
                    schema=1,
                    enrolled_at=NOW,
                    trail_seq=0,
                    trail_head="",
                )
            )
            for scope in scopes:
                connection.execute(
                    insert(SCOPE_MEMBER).values(scope=scope, user_id=user, role=role)
                )
        return device

    def revoke(self, device: UUID) -> None:
        with self.owner.begin() as connection:
            connection.execute(update(DEVICE).where(DEVICE.c.id == device).values(revoked_at=NOW))

    def leave(self, device: UUID, scope: str) -> None:
        """Its user is a member no longer."""
        user = select(DEVICE.c.user_id).where(DEVICE.c.id == device).scalar_subquery()
        with self.owner.begin() as connection:
            connection.execute(
                delete(SCOPE_MEMBER).where(
                    SCOPE_MEMBER.c.scope == scope, SCOPE_MEMBER.c.user_id == user
                )
            )

    def scope(self, name: str = "") -> str:
        name = name or f"audit:{uuid4()}"
        with self.owner.begin() as connection:
            connection.execute(
                insert(SCOPE).values(id=name, kind="audit", seq=1, commit_id="c", gc_floor=0)
            )
        return name

    def evidence(self, scope: str, data: bytes, **values: Any) -> UUID:
        """A row that names these bytes."""
        return self.row(
            "evidence",
            scope,
            **{"sha256": sha(data), "size": len(data), "kind": "photo"} | values,
        )

    def row(self, entity: str, scope: str, **values: Any) -> UUID:
        made = uuid4()
        with self.owner.begin() as connection:
            connection.execute(
                insert(RECORD_TABLES[entity]).values(
                    scope=scope,
                    id=made,
                    seq=1,
                    versions={},
                    extra={},
                    row_created_at="",
                    row_changed_at="",
                    **values,
                )
            )
        return made

    def remove(self, entity: str, row: UUID) -> None:
        """A tombstone."""
        table = RECORD_TABLES[entity]
        with self.owner.begin() as connection:
            connection.execute(update(table).where(table.c.id == row).values(deleted_at=NOW))

    def expire(self, upload: str) -> None:
        with self.owner.begin() as connection:
            connection.execute(
                update(UPLOAD)
                .where(UPLOAD.c.id == UUID(upload))
                .values(expires_at=NOW.replace(year=2020))
            )

    def uploads(self) -> set[str]:
        with self.owner.begin() as connection:
            return {str(found) for found in connection.scalars(select(UPLOAD.c.id))}

    def blobs(self) -> list[tuple[str, str, str, str]]:
        with self.owner.begin() as connection:
            columns = (BLOB.c.scope, BLOB.c.sha256, BLOB.c.rendition, BLOB.c.content)
            return [tuple(row) for row in connection.execute(select(*columns))]


@dataclass
class Sending:
    """One device talking plain tus, byte by byte."""

    address: str
    device: UUID
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=self.address,
            headers={"Authorization": f"Bearer {self.device}"},
            timeout=60,
        )

    def create(
        self,
        entity: str,
        row: UUID,
        data: bytes,
        part: str = "",
        content: bytes = b"",
        **headers: str,
    ) -> httpx.Response:
        """POST: an upload is begun, and with ``content`` its first piece is sent."""
        said = {"entity": entity, "row": str(row), "part": part, "sha256": sha(data)}
        metadata = ",".join(f"{k} {b64encode(v.encode()).decode()}" for k, v in said.items())
        return self.http.post(
            "/v1/uploads",
            content=content,
            headers={
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(data)),
                "Upload-Metadata": metadata,
            }
            | headers,
        )

    def begun(self, entity: str, row: UUID, data: bytes, part: str = "") -> str:
        """Its path."""
        made = self.create(entity, row, data, part)
        assert made.status_code == 201, made.text
        return made.headers["location"]

    def patch(self, path: str, offset: int, data: bytes, checksum: str = "") -> httpx.Response:
        """A piece."""
        digest = checksum or b64encode(hashlib.sha256(data).digest()).decode()
        return self.http.patch(
            path,
            content=data,
            headers={
                "Tus-Resumable": "1.0.0",
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
                "Upload-Checksum": f"sha256 {digest}",
            },
        )

    def head(self, path: str) -> httpx.Response:
        """Where it stands."""
        return self.http.head(path, headers={"Tus-Resumable": "1.0.0"})

    def send(self, entity: str, row: UUID, data: bytes, part: str = "") -> str:
        """All of it; its path."""
        path = self.begun(entity, row, data, part)
        self.send_on(path, data)
        return path

    def send_on(self, path: str, data: bytes, offset: int = 0) -> None:
        while offset < len(data):
            said = self.patch(path, offset, data[offset : offset + CHUNK])
            assert said.status_code == 204, (said.status_code, said.text)
            offset = int(said.headers["upload-offset"])

    def ask(self, *offers: Offer) -> list[Reply]:
        """What is missing."""
        said = self.http.post("/v1/blobs/missing", json={"offers": [o.wire() for o in offers]})
        assert said.status_code == 200, said.text
        return [Reply.read(part) for part in said.json()["replies"]]

    def verdicts(self, *offers: Offer) -> list[BlobVerdict]:
        return [reply.verdict for reply in self.ask(*offers)]

    def read(self, entity: str, row: UUID, part: str = "", **headers: str) -> httpx.Response:
        """The bytes."""
        query = {"part": part} if part else {}
        return self.http.get(f"/v1/blobs/{entity}/{row}", params=query, headers=headers)


def offer(entity: str, row: UUID, data: bytes, part: str = "") -> Offer:
    return Offer(entity, str(row), part, sha(data), len(data))


def torn(found: Iterable[tuple[str, bytes]]) -> list[str]:
    """Of objects by name those that are not what their name says."""
    return [
        name
        for name, data in found
        if name.startswith("blobs/") and name.rsplit("/", 1)[-1] != sha(data)
    ]
