"""What somebody does to show that registering costs them something (XEP-0158 §4, §6).

There is a question, of the administrator's or a sum in words, and where the host wants it work for
the client (hashcash) to choose from. A challenge belongs to one stream, is good for one answer and
for some minutes. Hashcash as XEP-0158 has it is not tied to the challenge, so work can be done
beforehand; it keeps simple robots busy, and no more.
"""

import hmac
import secrets
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

from palaver.jid import JID
from palaver.kernel.extension import Stranger
from palaver.kernel.form_fields import Field, Filled, Hidden, TextSingle
from palaver.kernel.slots import Slot
from palaver.wire.errors import StanzaError

LIFETIME: Final = 600.0  # seconds
_SPENT: Final = 10_000  # solutions that are remembered
_LONGEST: Final = 1_000  # bytes of a solution

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    ),
    "de": (
        "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf",
        "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn",
    ),
}  # fmt: skip
_SUMS: Final = {
    "en": "How much is {} plus {}?",
    "de": "Wie viel ist {} plus {}?",
}


class Question(NamedTuple):
    """A question in a language, with the answers that are right."""

    lang: str
    text: str
    answers: tuple[str, ...]


def read_question(line: str) -> Question:
    """Read a question as configured: ``en: What colour is snow? = white``, answers parted by |.

    Raises:
        ValueError: it is none.
    """
    lang, colon, rest = line.partition(":")
    text, equals, answers = rest.rpartition("=")
    found = Question(
        lang.strip().lower(),
        text.strip(),
        tuple(a.strip() for a in answers.split("|") if a.strip()),
    )
    if not (colon and equals and found.lang and found.text and found.answers):
        raise ValueError(f"{line!r} is no question such as 'en: What colour is snow? = white'")
    return found


def _sum(lang: str) -> Question:
    words = _WORDS[lang]
    one, other = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    answer = one + other
    text = _SUMS[lang].format(words[one - 1], words[other - 1])
    return Question(lang, text, (str(answer), words[answer - 1]))


def choose(questions: Sequence[Question], *langs: str) -> Question:
    """Return a question in the first of these languages that there is one in."""
    wanted = [lang.partition("-")[0].lower() for lang in langs]
    for lang in wanted:
        found = [each for each in questions if each.lang.partition("-")[0] == lang]
        if found:
            return secrets.choice(found)
        if not questions and lang in _SUMS:
            return _sum(lang)
    return secrets.choice(questions) if questions else _sum("en")


class Challenge(NamedTuple):
    """What one stream was asked.

    ``work``  the bits that a solution's hash ends with, as a number; 0 for no work
    ``until`` on a clock that never goes back
    """

    id: str
    question: Question
    work: int
    until: float

    def fields(self, sid: str) -> tuple[tuple[Field[str], ...], tuple[Filled, ...]]:
        """Return the fields of the form, and what is in them (XEP-0158 §4)."""
        hidden = {"challenge": self.id, "sid": sid, "answers": "1"}
        fields: list[Field[str]] = [Hidden(var) for var in hidden]
        fields.append(TextSingle("qa", self.question.text))
        if self.work:
            fields.append(TextSingle("SHA-256", f"{self.work:X}"))
        return tuple(fields), tuple(Filled(var, (text,)) for var, text in hidden.items())


_OPEN: Final[Slot[Challenge]] = Slot("challenge")


class Challenges:
    """Asks, and judges the answers."""

    def __init__(self) -> None:
        self._spent: OrderedDict[bytes, None] = OrderedDict()

    def ask(self, stranger: Stranger, question: Question, work_bits: int, now: float) -> Challenge:
        """Make a challenge for a stream, in place of the one before."""
        work = secrets.randbits(work_bits - 1) | 1 << work_bits - 1 if work_bits else 0
        made = Challenge(secrets.token_hex(8), question, work, now + LIFETIME)
        _OPEN.set(stranger, made)
        return made

    def check(
        self, stranger: Stranger, values: Mapping[str, str], address: JID, now: float
    ) -> None:
        """Take an answer; whatever comes of it, the challenge is used up.

        ``address`` is whom the client wrote to, with which a solution begins.

        Raises:
            StanzaError: service-unavailable, there is no such challenge (any more); not-acceptable,
                the answer is wrong (§3.4).
        """
        asked = _OPEN.get(stranger)
        _OPEN.clear(stranger)
        named = values.get("challenge", "")
        if asked is None or now > asked.until or not _same(named, asked.id):
            raise StanzaError("service-unavailable", "that question is over; ask for another")
        right = answers(asked.question, values.get("qa", ""))
        worked = self._worked(asked.work, values.get("SHA-256", ""), address)
        if not (right or worked):
            text = "that is not the answer; ask for another question"
            raise StanzaError("not-acceptable", text, type="cancel")

    def _worked(self, work: int, solution: str, address: JID) -> bool:
        if not work or len(solution) > _LONGEST or not solution.startswith(str(address)):
            return False
        digest = sha256(solution.encode()).digest()
        if int.from_bytes(digest) & (1 << work.bit_length()) - 1 != work or digest in self._spent:
            return False
        self._spent[digest] = None
        if len(self._spent) > _SPENT:
            self._spent.popitem(last=False)
        return True


def answers(question: Question, given: str) -> bool:
    """Tell whether an answer is right, in a time that does not depend on how nearly it is."""
    found = False
    for each in question.answers:
        found |= _same(_plain(given), _plain(each))
    return found


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(sha256(one.encode()).digest(), sha256(other.encode()).digest())


def _plain(answer: str) -> str:
    """Return an answer without what people write differently."""
    text = unicodedata.normalize("NFKC", answer[:_LONGEST]).casefold()
    return " ".join(text.split()).strip(" .!?\"'")
