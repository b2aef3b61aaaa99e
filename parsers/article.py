"""News and articles: title against lead, byline, date line, captions. And the choice between news and documents."""

from __future__ import annotations

from parsers.content import Block
from parsers.elements import Elements
from parsers.office import Office
from parsers.official import is_official, read_official


def read_article(
    blocks: tuple[Block, ...], office: Office, subject: str | None = None, file_name: str | None = None, part: str = "body"
) -> Elements:
    """The elements of a piece of news; it has no 成文日期 unless a labelled one stands in it."""
    title = next((block.text for block in blocks if block.text), None)
    return Elements(form="article", title=title, body=tuple(block for block in blocks if block.place == "body")[1:])


def read_elements(
    blocks: tuple[Block, ...], office: Office, subject: str | None = None, file_name: str | None = None, part: str = "body"
) -> Elements:
    """The one entry: a document where it looks like one, else an article."""
    official = read_official(blocks, office, file_name=file_name, subject=subject, part=part)
    if is_official(official) >= 0.5:
        return official
    return read_article(blocks, office, subject=subject, file_name=file_name, part=part)
