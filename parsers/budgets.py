"""Every bound on what a mail may cost, in one table. Over a bound: `refused` with its finding, the rest still read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Sizes in bytes unless said otherwise. All mail is hostile; no bound depends on what the mail says of itself."""

    message: int = 100 * 2**20
    header_bytes: int = 256 * 2**10
    header_fields: int = 500
    mime_depth: int = 20
    mime_parts: int = 500
    nested_messages: int = 5
    body_html: int = 5 * 2**20
    html_depth: int = 200
    archive_depth: int = 4
    archive_members: int = 1000
    unpacked: int = 300 * 2**20
    unpacked_ratio: int = 200
    """Bytes unpacked for each byte packed, looked at from the first 10 MiB unpacked on."""
    xml: int = 100 * 2**20
    xml_tags: int = 1_000_000
    """Opening and closing tags of one part that is parsed as a tree: each costs 200 bytes."""
    pdf_pages: int = 300
    ocr_pages: int = 50
    pixels: int = 60_000_000
    sheet_cells: int = 200_000
    html_tags: int = 50_000
    text_lines: int = 20_000
    """Lines of a plain body."""
    text: int = 2_000_000
    """Characters kept of one text."""
    search_text: int = 200 * 2**10
    """Bytes of text of one draft that are indexed."""
    readable_attachments: int = 100


BUDGET = Budget()
