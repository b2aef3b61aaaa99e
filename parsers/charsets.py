"""Bytes to characters, as Chinese mail programs really write them (DOMAIN.md, section 6).

A label is only a hint: `gb2312` means GB 18030 in practice, machines set to Traditional Chinese send Big5 under any
name, old scripts send bare GBK. What does not decode under its label is guessed.
"""

from __future__ import annotations

import binascii
import codecs
import re

_GB, _BIG5 = "gb18030", "cp950"
_GB_LABELS = """gb2312 gb_2312-80 gb_2312 gb2312-80 x-gb2312 gbk x-gbk cp936 ms936 936 windows-936 euc-cn x-euc-cn
csgb2312 chinese iso-ir-58 gb18030-2000 gb18030"""
_ALIASES = {
    **dict.fromkeys(_GB_LABELS.split(), _GB),
    **dict.fromkeys(("big5", "x-x-big5", "cn-big5", "windows-950", "cp950", "big5-tw", "big5-hkscs"), _BIG5),
    "utf8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ks_c_5601-1987": "cp949",
}
_LATIN = {"iso-8859-1", "latin1", "latin-1", "windows-1252", "cp1252"}
"""What programs write when they do not know: believed only where the bytes are no Chinese."""

_SAFE = re.compile(
    r"utf-(7|8|16(-[bl]e)?|32(-[bl]e)?)|gb18030|cp950|hz|shift_jis|cp932|euc_jp|iso2022_jp(_\w+)?|euc_kr|cp949|iso2022_kr|johab"
    r"|iso8859-\d+|cp12\d\d|cp8[56]\d|cp874|koi8-[ru]|mac-\w+|tis-620"
)
"""Codecs that a mail may choose. Others of Python's are slow on hostile input (punycode), or none of text (rot13)."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
_ZEROS = 0.4
"""Share of zero bytes in UTF-16 that holds only Latin letters."""
_READABLE = 0.6
"""Share of common characters in a text that was read rightly."""
_TOLERATED = 0.02
"""Share of broken characters up to which a label is believed: one cut character must not overrule it."""

_GB_PAIR, _GB_COMMON = re.compile(rb"[\x81-\xa0\xa4-\xfe][\x40-\x7e\x80-\xfe]"), re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_GB_ANY = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_BIG5_ANY = re.compile(rb"[\x81-\xfe][\x40-\x7e\xa1-\xfe]")

_UTF7_LETTERS = 10
_UTF7_WORD = re.compile(rb"\+[A-Za-z0-9+/]{3,}-?")
_WORD = re.compile(rb"=\?([^?\s=()<>@,;:/\[\]\"]{1,60})\?([BbQq])\?([^?]*)\?=")
_CONTROLS = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
_FAR_CHARACTERS = re.compile("[\u0800-\uffff]")
_HAN = re.compile("[\u3000-\u9fff\uff00-\uffef]")


def decode(data: bytes, label: str | None) -> str:
    """The text of `data`: as its label says where that fits the bytes, else as `guess` finds. Never fails."""
    name = _codec(label)
    if name is None or _by_bom(data):
        return guess(data)
    if name in (_GB, _BIG5):
        return _decode_chinese(data, name)
    if name in _LATIN:
        return _decode_latin(data)
    text = _lenient(data, name)
    return text if text.count("\ufffd") <= _TOLERATED * len(text) else _better(text, guess(data))


def guess(data: bytes) -> str:
    """The text of bytes that have no label, or a wrong one. Never fails."""
    bom = _by_bom(data)
    if bom:
        return _lenient(data, bom).removeprefix("\ufeff")
    if data.isascii():
        return _lenient(data, _utf16(data) or "ascii") if b"\0" in data else _decode_ascii(data)
    if _is_utf8(data):
        return _lenient(data, "utf-8")
    return _lenient(data, _utf16(data) or _chinese_codec(data))


def decode_header(raw: bytes | str) -> str:
    """The text of a header's value or of a file name: RFC 2047 words joined as bytes before they are decoded (QQ and
    NetEase cut them inside a character), bare 8-bit bytes guessed, control characters (CR LF too) made one space."""
    data = raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else raw
    return clean_line("".join(decode(run, label) for label, run in _runs(data) if run))


def clean_line(text: str) -> str:
    """One line without control or invisible characters, white space collapsed (U+3000 stays: people type it)."""
    return _CONTROLS.sub(" ", _INVISIBLE.sub("", text)).strip()


def is_wide(character: str) -> bool:
    """A Chinese character or full-width sign: lines that end and begin with one are joined without a space."""
    return "\u2e80" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" or character in "“”‘’—…·"


def _codec(label: str | None) -> str | None:
    """The codec for a label; None where the label is missing, unknown, or not one of text."""
    name = (label or "").strip().strip("\"'").lower().split("*")[0]
    if name in _LATIN:
        return name
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError, UnicodeError):
        return None
    return found if _SAFE.fullmatch(found) else None


def _by_bom(data: bytes) -> str | None:
    return next((name for bom, name in _BOMS if data.startswith(bom)), None)


def _lenient(data: bytes, name: str) -> str:
    text = data.decode(name, "replace")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if name.startswith("utf-") else text


def _better(one: str, other: str) -> str:
    return other if other.count("\ufffd") < one.count("\ufffd") else one


def _decode_chinese(data: bytes, label: str) -> str:
    if _is_utf8(data) and not data.isascii():
        return _lenient(data, "utf-8")
    return _lenient(data, _chinese_codec(data, label))


def _decode_latin(data: bytes) -> str:
    text = guess(data)
    return text if _HAN.search(text) and "\ufffd" not in text else _lenient(data, "cp1252")


def _decode_ascii(data: bytes) -> str:
    """ASCII, or the UTF-7 that hides in it: only where every shifted word holds Chinese, and one of them enough."""
    words = _UTF7_WORD.findall(data[:_SAMPLE])
    if words and max(map(len, words)) >= _UTF7_LETTERS and all(_HAN.search(_lenient(word, "utf-7")) for word in words):
        return _better(_lenient(data, "utf-7"), data.decode("ascii"))
    return data.decode("ascii")


def _is_utf8(data: bytes) -> bool:
    """Strict UTF-8 that holds far characters. Two-byte ones alone may be GBK: 一 is D2 BB, U+04BB in UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.isascii() or bool(_FAR_CHARACTERS.search(text)) or "\ufffd" in data.decode(_GB, "replace")


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: the zero bytes of its line ends and digits all stand on one side, and it reads well."""
    sample = data[: _SAMPLE // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 10 >= max(even, odd):
        return None
    name = "utf-16-le" if odd > even else "utf-16-be"
    letters = max(even, odd) >= _ZEROS * len(sample)
    return name if letters or _gb_share(_lenient(sample, name).encode(_GB, "replace")) > _READABLE else None


def _chinese_codec(data: bytes, label: str | None = None) -> str:
    """GB 18030 or Big5, by the share of characters from each one's first level, of those in common use.
    A label needs clear evidence to be overruled; without one, Big5 needs some."""
    gb, big5 = _gb_share(data[:_SAMPLE]), _big5_share(data[:_SAMPLE])
    lead = {_GB: 0.4, _BIG5: -0.4, None: 0.1}[label]
    return _BIG5 if big5 - gb > lead else _GB


def _gb_share(data: bytes) -> float:
    pairs = [pair for pair in _GB_ANY.findall(data) if _GB_PAIR.fullmatch(pair)]
    broken = data.decode(_GB, "replace").count("\ufffd")
    return sum(1 for pair in pairs if _GB_COMMON.fullmatch(pair)) / (len(pairs) + broken or 1)


def _big5_share(data: bytes) -> float:
    pairs = [pair for pair in _BIG5_ANY.findall(data) if not 0xA1 <= pair[0] <= 0xA3]
    broken = data.decode(_BIG5, "replace").count("\ufffd")
    return sum(1 for pair in pairs if 0xA4 <= pair[0] <= 0xC6) / (len(pairs) + broken or 1)


def _runs(data: bytes) -> list[tuple[str | None, bytes]]:
    """Stretches of one charset: (label, bytes) of joined encoded words, (None, bytes) of what stands between them."""
    runs: list[tuple[str | None, bytes]] = []
    words: list[tuple[bytes, bytes]] = []
    end, label = 0, ""
    for word in _WORD.finditer(data):
        between, next_label = data[end : word.start()], word[1].decode("latin-1").lower()
        if words and (between.strip() or next_label != label):
            runs.append((label, _unword(words)))
            words = []
        if between.strip() or (not runs and not words):
            runs.append((None, between))
        words.append((word[2], word[3]))
        end, label = word.end(), next_label
    return [*runs, (label, _unword(words)), (None, data[end:])]


def _unword(words: list[tuple[bytes, bytes]]) -> bytes:
    """The bytes of encoded words that follow each other. A base64 quantum may be cut between two of them."""
    joined, pending = b"", b""
    for kind, payload in words:
        if kind in b"Qq":
            joined += unbase64(pending) + binascii.a2b_qp(payload.replace(b" ", b"_"), header=True)
            pending = b""
        elif b"=" in pending or len(pending) % 4 == 0 or (len(pending) + len(payload)) % 4:
            joined += unbase64(pending)
            pending = payload
        else:
            pending += payload
    return joined + unbase64(pending)


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


def unbase64(data: bytes) -> bytes:
    """What base64 letters hold, read as far as they go: signs that do not belong are skipped, padding is not needed."""
    letters = data.translate(None, _NOT_BASE64)
    keep = len(letters) - (len(letters) % 4 == 1)
    return binascii.a2b_base64(letters[:keep] + b"=" * (-keep % 4))
