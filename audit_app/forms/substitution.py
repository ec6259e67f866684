"""Turns ``${name}`` into paths, as the form compiler does, for expressions in audit columns."""

import re
from collections.abc import Mapping

from audit_app.forms.xpath.errors import XPathError

_NAME = re.compile(r"\$\{\s*([^}]*?)\s*\}")


def substituted(source: str, paths: Mapping[str, str]) -> str:
    """The expression with every ``${name}`` as an absolute path.

    Args:
        paths: question name → path.

    Raises:
        XPathError: a name is unknown.
    """

    def path(match: re.Match[str]) -> str:
        found = paths.get(match[1])
        if found is None:
            raise XPathError(f"There is no question named {match[1]}", match.start())
        return found

    return _NAME.sub(path, source)
