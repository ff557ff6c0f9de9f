"""What looks like personal data: mail addresses, phone numbers, card numbers and bank accounts."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter

from .finding import Finding
from .reading import Material
from .texts import parts_of
from .wording import rows_say, them

MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[A-Za-z]{2,24}\b", re.ASCII)
# With a country's code, or grouped as in North America: other digits are as often dates, prices or part numbers.
PHONE = re.compile(
    r"(?<![\w+.-])(?:\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){1,4}"
    r"|\(\d{3}\) ?\d{3}[ .-]\d{4}|\d{3}([ .-])\d{3}\1\d{4})(?![\w-]|\.\d)",
    re.ASCII,
)
CARD = re.compile(r"(?<![\w.-])[3-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])", re.ASCII)
IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b", re.ASCII)
# ITU-T E.164 has 15 digits at most; fewer than 8 are no number with a country's code.
PHONE_DIGITS = range(8, 16)
CARD_DIGITS = range(13, 20)


def personal_data(material: Material) -> Iterator[Finding]:
    """A hint, not a proof: rows to be looked at before weights are given away."""
    counts: Counter[str] = Counter()
    rows: list[int] = []
    for entry in material.entries:
        kinds = {kind for text in parts_of(entry.row) for kind in kinds_in(text)}
        counts.update(kinds)
        if kinds:
            rows.append(entry.index)
    if rows:
        told = ", ".join(f"{kind} in {counts[kind]:,}" for kind in KINDS if counts[kind])
        yield Finding(
            "pii",
            "warning",
            f"{rows_say(len(rows), 'holds', 'hold')} what looks like personal data: {told}. A model can repeat what it"
            f" was trained on: edit or drop {them(len(rows))}.",
            rows,
        )


def kinds_in(text: str) -> set[str]:
    """What kinds of personal data the text seems to hold."""
    found = {kind: map(holds, map(itemgetter(0), pattern.finditer(text))) for kind, (pattern, holds) in KINDS.items()}
    return {kind for kind, matches in found.items() if any(matches)}


def passes_luhn(number: str) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1): every second digit from the right is doubled."""
    digits = [int(character) for character in number if character.isdecimal()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return len(digits) in CARD_DIGITS and len(set(digits)) > 1 and (sum(digits[::-2]) + sum(doubled)) % 10 == 0


def is_iban(number: str) -> bool:
    """The check digits of ISO 13616: with its first four characters last, and letters as 10 to 35, it is 1 mod 97."""
    plain = number.replace(" ", "")
    turned = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
    return 15 <= len(plain) <= 34 and int(turned) % 97 == 1


def _is_phone(number: str) -> bool:
    return sum(character.isdecimal() for character in number) in PHONE_DIGITS


def _is_mail(address: str) -> bool:
    return True


KINDS: Mapping[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "mail addresses": (MAIL, _is_mail),
    "phone numbers": (PHONE, _is_phone),
    "card numbers": (CARD, passes_luhn),
    "bank accounts": (IBAN, is_iban),
}
