"""What is said when the config is wrong."""

from __future__ import annotations

from collections.abc import Iterable


class SettingsError(Exception):
    """The config cannot be used. One line of Chinese for each mistake: file, key, value and what was expected."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))
