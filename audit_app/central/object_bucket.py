"""Photos and files in S3, or in what speaks its language."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import ObjectStore, from_url

from audit_app.central.objects import PIECE, NoObject, checked, holds, verified
from audit_app.errors import AuditError

_AT_ONCE = 8 * 1024 * 1024
"""Up to so many bytes go in one request, which S3 refuses if the name is taken. Larger ones go in
parts, which show under the name only when all of them have arrived."""


class BucketObjects:
    """One object of the bucket an object of ours."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @staticmethod
    def at(address: str) -> "BucketObjects":
        """The bucket and prefix of ``s3://bucket/prefix?endpoint=…&region=…``.

        Raises:
            AuditError: the address is not one of S3.
        """
        parts = urlsplit(address)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        endpoint, region = asked.pop("endpoint", None), asked.pop("region", "us-east-1")
        if asked or not parts.netloc:
            raise AuditError(
                "The address of the photos is not right.",
                "It is s3://bucket/prefix?endpoint=https://…&region=….",
            )
        config: dict[str, Any] = {"region": region}
        if endpoint is not None:
            config["endpoint"] = endpoint
        client = {
            "timeout": timedelta(seconds=60),
            "connect_timeout": timedelta(seconds=10),
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
        }
        try:
            store: Any = from_url(
                f"s3://{parts.netloc}{parts.path}",
                client_options=client,  # type: ignore[call-overload]
                retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=30)},
                **config,
            )
        except BaseError as error:
            raise AuditError("The address of the photos is not right.", str(error)) from error
        return BucketObjects(store)

    def put(self, name: str, data: bytes) -> None:
        """Write, over what stood there."""
        obstore.put(self._store, checked(name), data, use_multipart=False)

    def put_new(self, name: str, pieces: Iterable[bytes], *, size: int, sha256: str) -> None:
        """Write unless it is there already, hashing on the way."""
        stream = verified(pieces, size=size, sha256=sha256)
        there = self.size(name)
        if there is not None and holds(self, name, size=size, sha256=sha256):
            for _ in stream:
                pass
            return
        # Gathered first: the pieces come from this very store, and it cannot read and write at
        # the same time. So nothing begins to be written that was not found right.
        with tempfile.TemporaryFile() as file:
            for piece in stream:
                file.write(piece)
            file.seek(0)
            if size > _AT_ONCE:
                # Parts know no "if absent"; another process would write the same verified bytes.
                obstore.put(self._store, checked(name), file, use_multipart=True, max_concurrency=2)
                return
            try:
                mode: Any = "create" if there is None else "overwrite"
                obstore.put(self._store, checked(name), file.read(), mode=mode, use_multipart=False)
            except AlreadyExistsError:
                return

    def get(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to but not with ``stop``."""
        options: Any = {}
        if start or stop is not None:
            if stop is not None and stop <= start:
                return iter(())
            options = {"range": {"offset": start} if stop is None else (start, stop)}
        try:
            found = obstore.get(self._store, checked(name), options=options)
        except FileNotFoundError as error:
            raise NoObject(f"There is no object {name}.") from error
        return (bytes(piece) for piece in found.stream(min_chunk_size=PIECE))

    def size(self, name: str) -> int | None:
        """Its bytes; None if there is none."""
        try:
            return int(obstore.head(self._store, checked(name))["size"])
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Remove it; no matter if it is not there."""
        try:
            obstore.delete(self._store, checked(name))
        except FileNotFoundError:
            return

    def names(self, folder: str) -> Iterator[str]:
        """All names that begin with ``folder/``."""
        for page in obstore.list(self._store, checked(folder)):
            for entry in page:
                yield entry["path"]

    def tidy(self) -> None:
        """Parts that were cut off are removed by the bucket's own lifecycle rule."""
