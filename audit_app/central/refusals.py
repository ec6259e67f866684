"""Why somebody is turned away: a word for programs, a sentence for people, a status for HTTP."""

from audit_app.errors import AuditError

REVOKED = "revoked"


class TurnedAway(AuditError):
    """A request that is not carried out.

    Attributes:
        code: one of the protocol's words, such as ``token`` or ``busy``.
        status: the HTTP status that says the same.
        wait: seconds after which it may be tried again; 0 where that changes nothing.
        more: further fields of the answer.
    """

    def __init__(
        self,
        code: str,
        words: str,
        *,
        status: int = 400,
        wait: int = 0,
        more: dict[str, str] | None = None,
    ) -> None:
        super().__init__(words)
        self.code = code
        self.status = status
        self.wait = wait
        self.more = more or {}


def not_known() -> TurnedAway:
    """The one answer to a wrong password, a wrong code and an account that is not there."""
    return TurnedAway("credentials", "These are not the credentials of an account.", status=401)


def no_token() -> TurnedAway:
    """The token is missing, wrong, or has run out."""
    return TurnedAway("token", "Sign in again: the token is not valid.", status=401)


def device_revoked() -> TurnedAway:
    """The device was revoked, or its account closed."""
    return TurnedAway(REVOKED, "This device is no longer enrolled.", status=401)


def not_allowed() -> TurnedAway:
    """The account may not do this at all."""
    return TurnedAway("not_allowed", "This account may not do that.", status=403)


def not_there() -> TurnedAway:
    """It is not there, or not for this account to see: both look alike."""
    return TurnedAway("not_found", "There is no such thing here.", status=404)
