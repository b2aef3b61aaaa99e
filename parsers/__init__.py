"""From the bytes of a message to categorized drafts: pure functions, no clock, no network, no database."""

PARSER_VERSION = 2
"""Raised when the same bytes may give another result; drafts keep the version that made them."""
