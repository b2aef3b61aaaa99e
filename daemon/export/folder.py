"""A post as a folder that a content system, or a person, can pick up: index.html, post.json and its files.

The folder appears whole or not at all: it is written beside its place and then renamed. Writing the same post again
changes nothing. No name in it comes from outside without being made safe first.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

ReadBlob = Callable[[str], bytes]

_PICTURE = re.compile(r'(<img\b[^<>]*?\bsrc=")sha256:([0-9a-f]{64})("[^<>]*>)')
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
_LONGEST_NAME = 180
"""Bytes of a file name in UTF-8; file systems end at 255."""


@dataclass(frozen=True)
class PostFile:
    """A file that goes with the post."""

    name: str
    kind: str
    role: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Post:
    """What is handed over. `facts` are plain JSON values; `body_html` shows pictures as `sha256:HEX`."""

    receipt: str
    revision: int
    title: str
    body_html: str
    facts: Mapping[str, Any]
    files: Sequence[PostFile]

    @property
    def folder_name(self) -> str:
        """Its own for each revision, so that nothing handed over is ever overwritten."""
        return f"{safe_name(self.receipt)}-{self.revision}"


def write_post(folder: Path, post: Post, read_blob: ReadBlob) -> Path:
    """Writes the post below `folder` and gives its place. OSError where the disk refuses."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / post.folder_name
    temporary = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        _fill(temporary, post, read_blob)
        if target.is_dir() and _same(temporary, target):
            return target
        _put_in_place(temporary, target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    _sync_folder(folder)
    return target


def safe_name(name: str) -> str:
    """A file name that means the same everywhere: no folders, control characters, reserved or hidden names."""
    name = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    if not name or _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    extension = Path(name).suffix
    extension = extension if len(extension.encode()) <= 16 else ""
    stem = name.removesuffix(extension)
    return stem.encode()[: _LONGEST_NAME - len(extension.encode())].decode(errors="ignore") + extension


def laid_out(post: Post) -> tuple[str, list[dict[str, Any]]]:
    """The text with pictures by their places beside it, and what is where."""
    paths = _paths(post)
    body = _PICTURE.sub(lambda match: _picture(match, paths), post.body_html)
    return body, [_file_facts(file, paths[file.sha256]) for file in _once(post.files)]


def contents(post: Post, read_blob: ReadBlob) -> Iterator[tuple[str, bytes]]:
    """Every file of the post: where it stands, and its bytes."""
    body, files = laid_out(post)
    facts = {"receipt": post.receipt, "revision": post.revision, "title": post.title} | dict(post.facts)
    yield "post.json", _json(facts | {"body_html": body, "files": files})
    yield "index.html", _page(post, body, files).encode()
    for file in files:
        yield file["path"], read_blob(file["sha256"])


def _fill(folder: Path, post: Post, read_blob: ReadBlob) -> None:
    written = [folder]
    for path, data in contents(post, read_blob):
        _write(folder / path, data)
        written.append((folder / path).parent)
    for inside in set(written):
        _sync_folder(inside)
    folder.chmod(0o755)


def _once(files: Sequence[PostFile]) -> Iterator[PostFile]:
    """Each file's bytes once, under the first name it has."""
    return iter({file.sha256: file for file in reversed(files)}.values())


def _paths(post: Post) -> dict[str, str]:
    """SHA-256 → the place in the folder. Pictures are numbered: portals choke on Chinese names in `src`."""
    paths: dict[str, str] = {}
    taken: set[str] = set()
    pictures = 0
    for file in post.files:
        if file.sha256 in paths:
            continue
        if file.role == "picture":
            pictures += 1
            paths[file.sha256] = f"pictures/{pictures:02d}{_extension(file.name)}"
        else:
            paths[file.sha256] = f"files/{_unused(safe_name(file.name), taken)}"
    return paths


def _extension(name: str) -> str:
    extension = Path(name).suffix.lower()
    return extension if re.fullmatch(r"\.[a-z0-9]{1,5}", extension) else ""


def _unused(name: str, taken: set[str]) -> str:
    stem, extension = Path(name).stem, Path(name).suffix
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}({number}){extension}"
    taken.add(name.casefold())
    return name


def _picture(match: re.Match[str], paths: Mapping[str, str]) -> str:
    """A picture whose file does not go with the post is left out of the text too."""
    return f"{match[1]}{paths[match[2]]}{match[3]}" if match[2] in paths else ""


def _file_facts(file: PostFile, path: str) -> dict[str, Any]:
    return {
        "name": file.name, "path": path, "kind": file.kind, "role": file.role, "bytes": file.size,
        "sha256": file.sha256,
    }  # fmt: skip


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _page(post: Post, body: str, files: Sequence[Mapping[str, Any]]) -> str:
    links = "".join(
        f'<li><a href="{escape(file["path"])}">{escape(file["name"])}</a></li>'
        for file in files
        if file["role"] != "picture"
    )
    annexes = f"<h2>附件</h2><ul>{links}</ul>" if links else ""
    title = escape(post.title)
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{title}</title></head>\n<body><h1>{title}</h1>\n{body}\n{annexes}</body></html>\n"
    )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _same(one: Path, other: Path) -> bool:
    return _listing(one) == _listing(other)


def _listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _put_in_place(temporary: Path, target: Path) -> None:
    """A folder of this name with other contents was damaged by somebody: it makes way."""
    if target.exists():
        target.rename(temporary.with_name(f"{temporary.name}-replaced"))
        temporary.rename(target)
        shutil.rmtree(temporary.with_name(f"{temporary.name}-replaced"), ignore_errors=True)
    else:
        temporary.rename(target)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
