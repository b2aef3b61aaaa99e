"""Rich text: an own reader, since no library keeps deleted, hidden and commented text back (LIBRARIES.md)."""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from parsers.attachments import blocks
from parsers.attachments.blocks import Mark, Place, Span
from parsers.attachments.errors import Damaged, Refused
from parsers.attachments.findings import finding
from parsers.attachments.rtf_flow import Flow
from parsers.budgets import Budget
from parsers.charsets import decode
from parsers.content import Block, Content
from parsers.submission import Blob

_TOKEN = re.compile(rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}]+)|\\")
_DEEP = 2000
_CODE_PAGES = {936: "gb18030", 950: "big5", 932: "shift_jis", 949: "euc-kr", 65001: "utf-8"}
_CHARSETS = {134: "gb18030", 136: "big5", 128: "shift_jis", 129: "euc-kr"}
_SIGNS = {
    "tab": "\u3000", "line": "\n", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": "\u3000", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SKIPPED = {
    "colortbl", "stylesheet", "info", "listtable", "listoverridetable", "revtbl", "fldinst", "nonshppict", "sp", "pn",
    "objdata", "result", "atnid", "atnauthor", "generator", "ftnsep", "ftnsepc", "bkmkstart", "bkmkend", "upr",
}  # fmt: skip
_STARRED = {"footnote", "annotation", "shppict", "shpinst", "do"}
"""What is read of the destinations that a program may pass over."""
_PLACES: dict[str, Place] = {
    "header": "header", "headerl": "header", "headerr": "header", "headerf": "header",
    "footer": "footer", "footerl": "footer", "footerr": "footer", "footerf": "footer", "footnote": "note",
}  # fmt: skip
Mode = Literal["text", "skip", "fonts", "picture", "label"]


@dataclass(frozen=True)
class _State:
    """What a group inherits and restores at its end."""

    flow: Flow
    mode: Mode = "text"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    raised: Mark | None = None
    hidden: bool = False
    deleted: bool = False
    size: float | None = None
    font: int = 0
    skipped: int = 1
    """Characters behind a Unicode one that say the same to older programs."""


@dataclass
class _Reader:
    """Reads one file token by token; no group is entered by recursion."""

    budget: Budget
    state: _State
    stack: list[_State] = field(default_factory=list)
    apart: dict[Place, list[Block]] = field(default_factory=lambda: {"header": [], "footer": [], "note": []})
    hidden: list[str] = field(default_factory=list)
    blobs: dict[str, Blob] = field(default_factory=dict)
    fonts: dict[int, str] = field(default_factory=dict)
    code_page: str = "gb18030"
    notes: int = 0
    revised: bool = False
    _bytes: bytearray = field(default_factory=bytearray)
    _hexadecimal: bytearray = field(default_factory=bytearray)
    _wide: list[int] = field(default_factory=list)
    _ignored: int = 0
    _starred: bool = False

    def read(self, data: bytes) -> None:
        position = 0
        while position < len(data) and (match := _TOKEN.match(data, position)):
            position = match.end()
            word, number, byte, sign, brace, text = match.groups()
            if byte or text:
                self.characters(bytes.fromhex(byte.decode()) if byte else text.translate(None, b"\r\n"))
                continue
            self.settle()
            if word:
                if word == b"bin":
                    position += max(0, int(number or 0))
                self.word(word.decode(), int(number) if number else None)
            elif brace:
                self.brace(brace)
            elif sign:
                self.sign(sign)
        self.settle()

    def characters(self, data: bytes) -> None:
        if self.state.mode == "picture":
            self._hexadecimal += data
            return
        passed = min(self._ignored, len(data))
        self._ignored -= passed
        if passed < len(data):
            self.settle_wide()
            self._bytes += data[passed:]

    def settle(self) -> None:
        """Writes out the characters read so far, by the font that they are in."""
        if self._bytes:
            codec = self.fonts.get(self.state.font, self.code_page)
            text, self._bytes = decode(bytes(self._bytes), codec), bytearray()
            self.add(text)

    def settle_wide(self) -> None:
        """The same for Unicode characters, which come in halves beyond the first plane."""
        if self._wide:
            units = b"".join(unit.to_bytes(2, "little") for unit in self._wide)
            self._wide.clear()
            self.add(units.decode("utf-16-le", "replace"))

    def add(self, text: str) -> None:
        state = self.state
        if state.mode in ("skip", "fonts", "picture"):
            return
        if state.hidden or state.deleted:
            self.hidden.append(text)
        else:
            text = text.rstrip("\u3000") if state.mode == "label" else text
            state.flow.spans.append(Span(text, _marks(state), size=state.size))

    def brace(self, brace: bytes) -> None:
        self.settle_wide()
        self._starred, self._ignored = False, 0
        if brace == b"{":
            if len(self.stack) >= _DEEP:
                raise Refused
            self.stack.append(self.state)
        elif self.stack:
            ended, self.state = self.state, self.stack.pop()
            self.leave(ended)

    def leave(self, ended: _State) -> None:
        if ended.mode == "picture" and self.state.mode != "picture":
            self.picture()
        if ended.flow is self.state.flow:
            return
        found = ended.flow.finished()
        if ended.flow.is_comment:
            self.hidden += [block.text for block in found]
        elif ended.flow.place != self.state.flow.place:
            self.apart[ended.flow.place] += found
        else:
            self.state.flow.anchored += found

    def picture(self) -> None:
        try:
            data = binascii.unhexlify(b"".join(self._hexadecimal.split()))
        except (binascii.Error, ValueError):
            data = b""
        self._hexadecimal = bytearray()
        if data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
            blob = blocks.blob(data)
            self.blobs[blob.sha256] = blob
            self.state.flow.anchored.append(blocks.picture(blob.sha256, place=self.state.flow.place))

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in b"\r\n":
            self.end_paragraph()
        else:
            self.add({b"~": " ", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}"}.get(sign, ""))

    def word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "u":
            self.wide(number or 0)
            return
        self.settle_wide()
        if self._ignored and word in _SIGNS:
            self._ignored -= 1
        elif starred and word not in _STARRED:
            self.state = replace(self.state, mode="skip")
        elif word in _ENTERED:
            _ENTERED[word](self, word)
        elif word in _SKIPPED:
            self.state = replace(self.state, mode="skip")
        elif word in _WORDS:
            _WORDS[word](self, number)
        elif word in _SIGNS and (word != "tab" or self.state.mode != "label"):
            self.add(_SIGNS[word])

    def wide(self, number: int) -> None:
        if self.state.mode in ("text", "label"):
            self._wide.append(number & 0xFFFF)
        self._ignored = self.state.skipped

    def enter(self, word: str) -> None:
        """A text that stands apart: a header, a note, a comment, a text box."""
        if self.state.mode == "skip":
            return
        place = _PLACES.get(word, self.state.flow.place)
        flow = Flow(self.budget, place, is_comment=word == "annotation")
        if word == "footnote":
            self.notes += 1
            flow.label = f"[{self.notes}] "
            flow.spans.append(Span(flow.label))
        self.state = replace(self.state, flow=flow, mode="text", raised=None)

    def mode(self, mode: Mode) -> None:
        if self.state.mode != "skip":
            self.state = replace(self.state, mode=mode)

    def end_paragraph(self) -> None:
        if self.state.mode != "skip":
            self.state.flow.end_paragraph()

    def note_mark(self) -> None:
        if self.state.flow.label is None:
            self.add(f"[{self.notes + 1}]")

    def revise(self, **change: bool) -> None:
        self.revised = True
        self.state = replace(self.state, **change)  # type: ignore[arg-type]

    def font_charset(self, number: int | None) -> None:
        if self.state.mode == "fonts" and number in _CHARSETS:
            self.fonts[self.state.font] = _CHARSETS[number]

    def set_code_page(self, number: int | None) -> None:
        self.code_page = _CODE_PAGES.get(number or 0, "gb18030")


def _set(**change: object) -> Callable[[_Reader, int | None], None]:
    def handle(reader: _Reader, number: int | None) -> None:
        reader.state = replace(reader.state, **change)  # type: ignore[arg-type]

    return handle


def _flag(name: str) -> Callable[[_Reader, int | None], None]:
    def handle(reader: _Reader, number: int | None) -> None:
        reader.state = replace(reader.state, **{name: number != 0})  # type: ignore[arg-type]

    return handle


def _flow(act: Callable[[Flow, int], None]) -> Callable[[_Reader, int | None], None]:
    def handle(reader: _Reader, number: int | None) -> None:
        if reader.state.mode != "skip":
            act(reader.state.flow, number or 0)

    return handle


_ENTERED: dict[str, Callable[[_Reader, str], None]] = {
    **dict.fromkeys((*_PLACES, "annotation", "shptxt", "dptxbxtext"), _Reader.enter),
    "fonttbl": lambda reader, _: reader.mode("fonts"),
    "pict": lambda reader, _: reader.mode("picture"),
    "listtext": lambda reader, _: reader.mode("label"),
    "pntext": lambda reader, _: reader.mode("label"),
}
_WORDS: dict[str, Callable[[_Reader, int | None], None]] = {
    "ansicpg": _Reader.set_code_page,
    "fcharset": _Reader.font_charset,
    "f": lambda reader, number: _set(font=number or 0)(reader, None),
    "fs": lambda reader, number: _set(size=(number or 24) / 2)(reader, None),
    "uc": lambda reader, number: _set(skipped=max(0, min(number or 0, 9)))(reader, None),
    "plain": _set(bold=False, italic=False, underline=False, raised=None, hidden=False),
    "b": _flag("bold"),
    "i": _flag("italic"),
    "ul": _flag("underline"),
    "ulnone": _set(underline=False),
    "v": _flag("hidden"),
    "super": _set(raised="sup"),
    "sub": _set(raised="sub"),
    "nosupersub": _set(raised=None),
    "deleted": lambda reader, number: reader.revise(deleted=number != 0),
    "revised": lambda reader, _: reader.revise(),
    "chftn": lambda reader, _: reader.note_mark(),
    "par": lambda reader, _: reader.end_paragraph(),
    "sect": lambda reader, _: reader.end_paragraph(),
    "page": lambda reader, _: reader.end_paragraph(),
    "nestrow": lambda reader, _: reader.end_paragraph(),
    "nestcell": lambda reader, _: reader.add("\u3000"),
    "pard": _flow(lambda flow, _: flow.reset()),
    "intbl": _flow(lambda flow, _: flow.set_in_table()),
    "qc": _flow(lambda flow, _: flow.set_centered()),
    "outlinelevel": _flow(lambda flow, number: flow.set_level(number)),
    "trowd": _flow(lambda flow, _: flow.begin_row()),
    "trleft": _flow(lambda flow, number: flow.set_left(number)),
    "clvmrg": _flow(lambda flow, _: flow.set_goes_on()),
    "cellx": _flow(lambda flow, number: flow.add_edge(number)),
    "cell": _flow(lambda flow, _: flow.end_cell()),
    "row": _flow(lambda flow, _: flow.end_row()),
}


def read(data: bytes, budget: Budget) -> Content:
    """The text of a rich text file. Raises Unreadable where there is none to be had."""
    if len(data) > budget.xml:
        raise Refused
    body = Flow(budget, "body")
    reader = _Reader(budget, _State(body))
    reader.read(data)
    found = [*reader.apart["header"], *body.finished(), *reader.apart["note"], *reader.apart["footer"]]
    hidden = blocks.clean("".join(reader.hidden))
    if not found and not hidden.strip():
        raise Damaged
    message = "文件中有尚未接受的修订，已按全部接受处理，请与报送单位核对定稿。"
    return Content(
        kind="rtf",
        status="read",
        blocks=tuple(blocks.cut(found, budget.text)),
        blobs=tuple(reader.blobs.values()),
        findings=(finding("text.revisions", message, "info"),) if reader.revised else (),
        hidden_text=hidden[: budget.text],
    )


def _marks(state: _State) -> tuple[Mark, ...]:
    marks: list[Mark] = ["strong"] if state.bold else []
    marks += ["em"] if state.italic else []
    marks += ["u"] if state.underline else []
    return tuple([*marks, state.raised] if state.raised else marks)
