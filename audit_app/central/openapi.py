"""The endpoints as an OpenAPI 3.1 description, made from the same table that answers them."""

import re
from collections.abc import Sequence
from typing import Any

from audit_app.central.endpoints import Endpoint
from audit_app.sync.protocol import CONTENT_TYPE

_REFUSAL: dict[str, Any] = {
    "type": "object",
    "required": ["error", "words"],
    "properties": {"error": {"type": "string"}, "words": {"type": "string"}},
}
_REFUSALS = {
    400: "not in its form",
    401: "nobody we know",
    403: "not for this account",
    404: "not there",
    409: "in the way of something else",
    413: "too large",
    422: "does not fit",
    429: "too many failed tries",
}


def describe(endpoints: Sequence[Endpoint], version: str) -> dict[str, Any]:
    """The whole description."""
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Onsite central store", "version": version},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Refusal": _REFUSAL},
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    answers: dict[str, Any] = {
        str(status): {"description": words} for status, words in endpoint.gives.items()
    }
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    for status, words in _REFUSALS.items():
        answers[str(status)] = {"description": words, "content": refusal}
    said: dict[str, Any] = {"summary": endpoint.words, "responses": answers}
    names = re.findall(r"\{(\w+)\}", endpoint.path)
    if names:
        said["parameters"] = [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "format": "uuid"},
            }
            for name in names
        ]
    if endpoint.takes is not None:
        content: dict[str, Any] = {"application/json": {"schema": endpoint.takes.schema()}}
        said["requestBody"] = {"required": True, "content": content}
    elif endpoint.reads_bytes:
        schema = {"type": "string", "format": "binary"}
        said["requestBody"] = {"required": True, "content": {CONTENT_TYPE: {"schema": schema}}}
    if endpoint.duty is not None:
        said["security"] = [{"token": []}]
    return said
