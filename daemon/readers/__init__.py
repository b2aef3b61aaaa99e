"""Readers that need the machine: OCR and an office suite, behind the protocol that the parsers know."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.readers import office_suite
from parsers.readers import OcrLine


@dataclass(frozen=True)
class ReaderState:
    """One reader as `check` tells of it, in Chinese."""

    name: str
    found: bool
    message: str
    """What it is for, or what to do to have it."""


@dataclass(frozen=True)
class MachineReaders:
    """The readers of this machine, as far as the settings allow them (office.yaml, `readers`)."""

    use_ocr: bool = True
    use_office_suite: bool = True

    def ocr(self, picture: bytes) -> list[OcrLine] | None:
        """The lines on a picture (PNG or JPEG bytes); None without OCR."""
        from daemon.readers import ocr  # loads numpy; the daemon itself reads no picture and starts without it

        return ocr.read_lines(picture) if self.use_ocr else None

    def to_docx(self, data: bytes, extension: str) -> bytes | None:
        """The file converted to .docx; None without an office suite, or where it fails."""
        return office_suite.to_docx(data, extension) if self.use_office_suite else None

    @property
    def has_ocr(self) -> bool:
        """Whether `ocr` can be had."""
        from daemon.readers import ocr

        return self.use_ocr and ocr.find_engine() is not None

    @property
    def has_office_suite(self) -> bool:
        """Whether `to_docx` can be had."""
        return self.use_office_suite and office_suite.find_program() is not None

    @property
    def ocr_version(self) -> str | None:
        """What a reading by OCR depends on; None without OCR."""
        from daemon.readers import ocr

        return ocr.version() if self.use_ocr else None

    @property
    def office_version(self) -> str | None:
        """What a conversion depends on; None without an office suite."""
        return office_suite.version() if self.use_office_suite else None

    def describe(self) -> list[ReaderState]:
        """What was found on this machine, for `check`."""
        return [_ocr_state(self.use_ocr), _office_state(self.use_office_suite)]


def _ocr_state(wanted: bool) -> ReaderState:
    name = "文字识别（扫描件、图片）"
    if not wanted:
        return ReaderState(name, False, "已在 office.yaml 的 readers.ocr 中关闭，扫描件只保存、不识别。")
    from daemon.readers import ocr

    engine = ocr.find_engine()
    if engine is None:
        return ReaderState(name, False, "未找到，扫描件只保存、不识别。请重新执行 make install。")
    return ReaderState(name, True, f"使用 {engine}，不联网。")


def _office_state(wanted: bool) -> ReaderState:
    name = "LibreOffice（少数旧格式的后备）"
    if not wanted:
        return ReaderState(name, False, "已在 office.yaml 的 readers.office_suite 中关闭，常见旧格式仍可读取。")
    program = office_suite.find_program()
    if program is None:
        return ReaderState(name, False, "未安装，常见旧格式仍可读取。如需要，请以管理员身份执行 make install-readers。")
    return ReaderState(name, True, f"使用 {program}，隔离运行。")
