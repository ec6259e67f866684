"""One-time codes agree with RFC 6238 and are taken once."""

from datetime import UTC, datetime

import pytest

from audit_app.central.totp import code_of, matching_step, setup_uri, step_of

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238_appendix_b(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of(SECRET, step_of(moment), digits=8) == code


@pytest.mark.parametrize(
    ("off", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_one_step_off(off: int, is_taken: bool) -> None:
    moment = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    code = code_of(SECRET, step_of(moment) + off)
    assert (matching_step(SECRET, code, moment, after=0) is not None) is is_taken


def test_a_code_is_taken_once() -> None:
    moment = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    code = code_of(SECRET, step_of(moment))
    step = matching_step(SECRET, code, moment, after=0)
    assert step is not None
    assert matching_step(SECRET, code, moment, after=step) is None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "٣٤٥٦٧٨", "\x00"])
def test_what_is_no_code_is_refused(code: str) -> None:
    moment = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    assert matching_step(SECRET, code, moment, after=0) is None


def test_the_uri_holds_the_secret_in_base_32() -> None:
    assert setup_uri(SECRET, "lena@example.org") == (
        "otpauth://totp/Onsite:lena%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Onsite"
    )
