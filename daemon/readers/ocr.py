"""OCR: RapidOCR with the models of its wheel (offline), else tesseract with Chinese. Red seals are dropped first."""

from __future__ import annotations

import csv
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from parsers.readers import OcrLine

_log = logging.getLogger(__name__)
_SIDE = 8000
"""Pixels of a side up to which a picture is looked at."""
_STRAIGHT = 0.25
_TESSERACT_SECONDS = 120
_THREADS = 2


def find_engine() -> str | None:
    """The OCR that this machine has: `rapidocr`, `tesseract`, or None."""
    if find_spec("rapidocr") and find_spec("onnxruntime"):
        return "rapidocr"
    return "tesseract" if _tesseract_reads_chinese() else None


@lru_cache(maxsize=1)
def version() -> str | None:
    """Engine, its version, this module's own text: when one of them changes, the same picture may read otherwise."""
    engine = find_engine()
    if engine is None:
        return None
    if engine == "tesseract":
        shown = subprocess.run(["tesseract", "--version"], capture_output=True, timeout=20, check=False)
        release = shown.stdout.decode("utf-8", "replace").partition("\n")[0]
    else:
        release = " ".join(metadata.version(name) for name in ("rapidocr", "onnxruntime", "Pillow", "numpy"))
    return f"{engine} {release} {sha256(Path(__file__).read_bytes()).hexdigest()}"


def read_lines(picture: bytes) -> list[OcrLine] | None:
    """The lines on a picture, top to bottom; None where there is no OCR, or it failed on this picture."""
    engine = {"rapidocr": _by_rapidocr, "tesseract": _by_tesseract}.get(find_engine() or "")
    if engine is None:
        return None
    try:
        return engine(straightened(without_seal(_opened(picture))))
    except (OSError, ValueError, RuntimeError, subprocess.SubprocessError) as error:
        _log.warning("OCR failed on a picture of %d bytes: %s", len(picture), error)
        return None


def without_seal(picture: Image.Image) -> Image.Image:
    """The red channel alone: a red seal turns as bright as the paper, black type under it stays black."""
    return picture.convert("RGB").getchannel("R")


def straightened(picture: Image.Image) -> Image.Image:
    """The picture turned so that its lines are level, where it was scanned up to five degrees askew."""
    angle = skew(picture)
    if abs(angle) < _STRAIGHT:
        return picture
    return picture.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255)


def skew(picture: Image.Image) -> float:
    """Degrees to turn a picture by, until the ink of its rows differs most from row to row."""
    small = picture.resize((600, max(1, round(600 * picture.height / picture.width))))
    ink = small.point([255 if value < 128 else 0 for value in range(256)])
    if ink.getbbox() is None:
        return 0.0
    coarse = max(np.arange(-5, 5.01, 0.5), key=_evenness(ink))
    return float(max(np.arange(coarse - 0.4, coarse + 0.41, 0.1), key=_evenness(ink)))


def _evenness(ink: Image.Image) -> Callable[[float], float]:
    def of(angle: float) -> float:
        rows = np.asarray(ink.rotate(angle), dtype=np.float64).sum(axis=1)
        return float(np.square(np.diff(rows)).sum())

    return of


def _opened(picture: bytes) -> Image.Image:
    opened = Image.open(BytesIO(picture))
    if max(opened.size) > _SIDE:
        raise ValueError(f"the picture has {opened.width} × {opened.height} pixels")
    return opened


@lru_cache(maxsize=1)
def _rapidocr() -> Any:
    """The engine, loaded at its first use: it takes a second and 200 MB."""
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _by_rapidocr(picture: Image.Image) -> list[OcrLine]:
    result = _rapidocr()(np.asarray(picture.convert("RGB")))
    if result.boxes is None:
        return []
    lines = [_line(box, text, score) for box, text, score in zip(result.boxes, result.txts, result.scores, strict=True)]
    return sorted(lines, key=lambda line: (line.box[1], line.box[0]))


def _line(box: Any, text: str, score: float) -> OcrLine:
    left, top = (float(value) for value in box.min(axis=0))
    right, bottom = (float(value) for value in box.max(axis=0))
    return OcrLine(text, (left, top, right, bottom), float(score))


@lru_cache(maxsize=1)
def _tesseract_reads_chinese() -> bool:
    if shutil.which("tesseract") is None:
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, timeout=20, check=False)
    return "chi_sim" in listed.stdout.split()


def _by_tesseract(picture: Image.Image) -> list[OcrLine]:
    packed = BytesIO()
    picture.save(packed, "PNG")
    done = subprocess.run(
        ["tesseract", "stdin", "stdout", "-l", "chi_sim", "--psm", "6", "tsv"],
        input=packed.getvalue(),
        capture_output=True,
        timeout=_TESSERACT_SECONDS,
        check=True,
    )
    return list(tesseract_lines(done.stdout.decode("utf-8", "replace")))


def tesseract_lines(table: str) -> Iterator[OcrLine]:
    """The lines in tesseract's table of words (level 5), words of one line joined without spaces."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in csv.DictReader(StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row.get("level") == "5" and (row.get("text") or "").strip():
            lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    for words in lines.values():
        boxes = [_word_box(word) for word in words]
        box = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
        sure = sum(float(word["conf"]) for word in words) / len(words) / 100
        yield OcrLine("".join(word["text"] for word in words), box, sure)


def _word_box(word: dict[str, str]) -> tuple[float, float, float, float]:
    left, top = float(word["left"]), float(word["top"])
    return left, top, left + float(word["width"]), top + float(word["height"])
