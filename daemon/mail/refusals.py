"""What a server means by refusing a recipient: nobody lives there, or this letter, or this sender, is not wanted.

RFC 5321, 4.2.3 gives 550, 551 and 553 for both; RFC 3463, 3.2 and 3.3 (enhanced codes) and the words tell them apart.
Where neither does, nothing is concluded: the letter is shown as failed, its address stays good.
"""

from __future__ import annotations

import re

_CODES = frozenset({550, 551, 553, 554})
_ENHANCED = re.compile(r"(?<![\d.])5\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_NOBODY = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
"""Bad address, mailbox moved, null MX, mailbox disabled."""
_WORDS = re.compile(
    r"user (?:not found|unknown|suspended|does(?:n't| not) exist)|unknown (?:user|recipient)|invalid (?:user|recipient)"
    r"|no such (?:user|recipient|mailbox)|不存在|停用|无此用户"
    r"|(?:mailbox|recipient|account|address)[^.;]{0,60}(?:not found|unknown|does not exist|doesn't exist|disabled)",
    re.I,
)


def names_nobody(code: int, answer: str) -> bool:
    """Whether this answer to RCPT says that the address has no owner (any more)."""
    if code not in _CODES:
        return False
    if enhanced := _ENHANCED.search(answer[:500]):
        return (int(enhanced[1]), int(enhanced[2])) in _NOBODY
    return code != 554 and _WORDS.search(answer[:500]) is not None
