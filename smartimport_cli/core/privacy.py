"""What may go into an event. The guard stands where events enter the bus and the store."""

import re
from collections.abc import Mapping
from typing import Any

from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.text import mask_account

# The smallest limit on the way decides: Supabase Realtime broadcasts at most 256 KB a message on its free
# plan (https://supabase.com/docs/guides/realtime/limits); the rest of the record needs a little of it.
MAX_PAYLOAD_CHARS = 250_000
MAX_DEPTH = 32

# Keys are compared without case and punctuation.
_REFUSED_KEYS = frozenset(
    "password passwd passphrase secret clientsecret token accesstoken refreshtoken idtoken apikey authorization "
    "bearer cookie setcookie privatekey servicerolekey jwt pin cvv cvc credential credentials "
    "filecontent filecontents filedata filebytes filebase64 rawfile rawcontent contentbase64 base64 "
    "ssn socialsecuritynumber nationalid".split()
)
_PUNCTUATION = re.compile(r"[^0-9a-z]")

_MANY_DIGITS = re.compile(r"\d(?:[ -]?\d){8}|[A-Za-z]{2}\d\d[ -]?[0-9A-Za-z]{4}")
_KEEP = (  # looked at first, left alone: uuids, digests, dates with times
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])"
    r"|(?=[0-9]*[A-Fa-f])[0-9A-Fa-f]{32,}(?![0-9A-Za-z])"
    r"|\d{4}-\d\d-\d\d(?!\d)(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|[+-]?\d{1,3}(?:[,' ]\d{3})+\.\d{1,4}(?!\d)|[+-]?\d+[.,]\d{1,4}(?![\d.,])"
)
_IBAN = r"[A-Za-z]{2}\d\d(?:[ -]?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])"
_NUMBER = r"\d(?:[ -]?\d){8,33}"
_FIND = re.compile(rf"(?<![0-9A-Za-z])(?:(?P<keep>{_KEEP})|(?P<iban>{_IBAN}))|(?P<number>{_NUMBER})")


class PrivacyError(SmartImportError, ValueError):
    """A payload that must not become an event. The message never holds the value."""

    def __init__(self, message: str) -> None:
        super().__init__("private-data", message, hint="events carry facts about an import, never its file")


def guard(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A payload that may travel: card, IBAN and account numbers masked to their last four.

    Raises PrivacyError for bytes, for keys that announce file content or credentials, and for a payload over
    MAX_PAYLOAD_CHARS. Guarding twice changes nothing more.
    """
    budget = [MAX_PAYLOAD_CHARS]
    guarded: dict[str, Any] = _guard(payload, budget, 0)
    return guarded


def mask_numbers(text: str) -> str:
    """`text` with card numbers (Luhn), IBANs (mod 97) and other long account numbers cut to their last four."""
    return _FIND.sub(_masked, text) if _MANY_DIGITS.search(text) else text


def _guard(value: Any, budget: list[int], depth: int) -> Any:
    if isinstance(value, str):
        budget[0] -= len(value) + 2
        if budget[0] < 0:
            raise PrivacyError(f"the payload is over the limit of {MAX_PAYLOAD_CHARS} characters")
        return mask_numbers(value)
    budget[0] -= 6
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return mask_numbers(str(value)) if abs(value) > 10**12 and luhn(str(abs(value))) else value
    if depth > MAX_DEPTH or budget[0] < 0:
        raise PrivacyError(f"the payload is over the limit of {MAX_PAYLOAD_CHARS} characters, or too deep")
    if isinstance(value, Mapping):
        return {_key(key, budget): _guard(item, budget, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_guard(item, budget, depth + 1) for item in value]
    raise PrivacyError(f"a payload holds JSON values, and {type(value).__name__} is none")


def _key(key: Any, budget: list[int]) -> str:
    if not isinstance(key, str):
        raise PrivacyError("a payload's keys are text")
    if _PUNCTUATION.sub("", key.lower()) in _REFUSED_KEYS:
        raise PrivacyError(f"the key {key!r} announces file content, an identity number or a credential")
    masked: str = _guard(key, budget, 0)
    return masked


def _masked(match: re.Match[str]) -> str:
    text = match[0]
    if match["keep"]:
        return text
    if match["iban"]:
        return mask_account(text) if iban(text) else _NUMBER_RE.sub(_masked_number, text)
    return _masked_number(match)


def _masked_number(match: re.Match[str]) -> str:
    return mask_account(match[0])


_NUMBER_RE = re.compile(_NUMBER)


def luhn(digits: str) -> bool:
    """Whether 13 to 19 digits pass the check that payment card numbers carry (ISO/IEC 7812-1)."""
    if not (13 <= len(digits) <= 19 and digits.isascii() and digits.isdigit()):
        return False
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (doubled + sum(map(int, digits[-1::-2]))) % 10 == 0


def iban(text: str) -> bool:
    """Whether `text` is an IBAN by its check digits (ISO 13616: mod 97 is 1)."""
    plain = text.replace(" ", "").replace("-", "").upper()
    if not (15 <= len(plain) <= 34 and plain.isascii() and plain.isalnum()):
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


_SECRETS = re.compile(
    r"(?P<jwt>\beyJ[\w-]{6,}\.[\w-]*\.?[\w-]*)"
    r"|(?P<named>(?:bearer|basic)\s+|(?:api[_-]?key|access[_-]?token|refresh[_-]?token|token|authorization|password|"
    r"passwd|secret|x-signature)[\"']?\s*[:=]\s*[\"']?(?:(?:bearer|basic)\s+)?)(?P<value>[^\s\"'&,;}]+)"
    r"|\bsb_secret_[\w-]+|\bsbp_\w+",
    re.IGNORECASE,
)


def mask_secrets(text: str) -> str:
    """`text` without the values of tokens, keys, passwords and authorization headers; numbers as in `guard`."""
    return mask_numbers(_SECRETS.sub(lambda match: (match["named"] or "") + "••", text))
