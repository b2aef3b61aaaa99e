"""Text boxes of a binary Word file whose places the converter can't make out: their text alone (MS-DOC, 2.8)."""

from __future__ import annotations

import re
from pathlib import Path

from doc2docx.cfb import CompoundFile
from doc2docx.diagnostics import ConversionReport
from doc2docx.msdoc.encryption import decrypt_word_streams
from doc2docx.msdoc.fib import FibBase, FileInformationBlock
from doc2docx.msdoc.pieces import read_piece_table

UNPLACED = frozenset({"MAIN_TEXTBOX_TABLE_MALFORMED", "GROUPED_MAIN_TEXTBOXES_DEFERRED"})
"""What the converter says when it leaves text boxes out."""
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14|(?=\x15))")
_BREAKS = re.compile("[\r\x07\x0b\x0c]")
_SIGNS = re.compile("[\x00-\x08\x0e-\x1f\ufffc]")


def lines(path: Path, password: str) -> list[str]:
    """The paragraphs of all text boxes, in the order in which the file keeps them. Raises the converter's errors."""
    compound = CompoundFile.from_path(path)
    word = compound.open_stream("WordDocument")
    base = FibBase.parse(word)
    table = compound.open_stream(base.table_stream_name)
    streams = decrypt_word_streams(base, password=password or None, word_document=word, table=table, data=None)
    fib = FileInformationBlock.parse(streams.word_document)
    report = ConversionReport(str(path))
    pieces = read_piece_table(
        streams.table, streams.word_document, fc_clx=fib.clx.fc, lcb_clx=fib.clx.lcb, report=report
    )
    begin = fib.textbox_story_cp_start
    text = _FIELD_CODE.sub("", pieces.extract(begin, begin + fib.ccp_textboxes, report, story="textboxes"))
    found = (_SIGNS.sub("", line).strip() for line in _BREAKS.split(text))
    return [line for line in found if line]
