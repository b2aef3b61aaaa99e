"""How often the column is right on real titles: by the rules alone, and by a learner that starts from them.

Usage: python benchmarks/columns.py [FOLDER] [--config DIR]

FOLDER holds real-titles.tsv and its README (default: ../shared/titles beside the project); DIR is the config whose
columns the labels stand for. Only title and unit are known. In a stream, each post is judged by what was learned
from the posts before it, in the order of their dates, and learned afterwards; every site starts from nothing.
"""

from __future__ import annotations

import argparse
import csv
import os
import pickle
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from rich.console import Console
from rich.table import Table

from daemon.settings import load
from parsers import columns
from parsers.choice import seen
from parsers.learned import Learner, Lesson, Model, to_json
from parsers.office import Office, Unit

HOME = Path(__file__).resolve().parent.parent
MARKS = (0, 50, 200, 1000)
README = (0.71, 0.79, 0.87, 0.91)
"""Measured there on other sites, with softmax, rules as prior and feature, 5 replays."""
SURE = 0.9
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True)
class Post:
    """A line of the file."""

    site: str
    title: str
    unit: str
    date: str
    column: str


@dataclass(frozen=True)
class Judged:
    """What was said of a post before its column was told, and how it came out."""

    column: str | None
    confidence: float
    right: bool


@dataclass(frozen=True)
class Stream:
    """One office's posts in time order, judged by the rules and by the learner; what learning cost."""

    ruled: tuple[Judged, ...]
    learned: tuple[Judged, ...]
    slowest: float
    """Seconds of CPU that the slowest lesson took, the rules' own work included."""
    model: Model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=HOME.parent / "shared" / "titles")
    parser.add_argument("--config", type=Path, default=HOME / "config")
    arguments = parser.parse_args()
    for secret in ("BAOSONG_IMAP_PASSWORD", "BAOSONG_SMTP_PASSWORD"):
        os.environ.setdefault(secret, "not used")
    office = load(arguments.config).office_value
    posts = _posts(arguments.folder / "real-titles.tsv")
    sites = {name: _streamed(part, office) for name, part in _by_site(posts).items()}
    by_date = sorted(posts, key=lambda post: post.date)
    whole = _streamed(by_date, office)
    console = Console(width=120)
    console.print(_rules_table(by_date, whole.ruled, office))
    console.print(_stream_table(sites, whole))
    console.print(_sure_table(sites.values(), whole))
    console.print(_cost(whole))


def _posts(path: Path) -> list[Post]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [_post(row) for row in rows]


def _post(row: dict[str, str]) -> Post:
    """In some lines of the file unit and date have changed places; what has no date comes last."""
    dates = [value for value in (row["date"], row["unit"]) if _DATE.fullmatch(value)]
    unit = "" if _DATE.fullmatch(row["unit"]) else row["unit"]
    return Post(row["site"], row["title"], unit, dates[0] if dates else "9999", row["column"])


def _by_site(posts: Iterable[Post]) -> dict[str, list[Post]]:
    """Sections of one site belong to one office; in time order."""
    found = defaultdict(list)
    for post in posts:
        host = re.sub(r"^(?:www|vod)\.", "", post.site.split("/")[0].split("-")[0])
        found[re.sub(r"^\w+\.(?=fujian\.)", "", host)].append(post)
    return {name: sorted(part, key=lambda post: post.date) for name, part in sorted(found.items())}


def _streamed(posts: Sequence[Post], office: Office) -> Stream:
    learner = Learner()
    ruled, learned, slowest = [], [], 0.0
    for post in posts:
        began = time.thread_time()
        case = seen(post.title, None)
        ruling = columns.ruled(case, office)
        example = columns.example(replace(case, unit=_unit(post)), ruling, office)
        likely = learner.now.probabilities(example)
        learner.learn(Lesson(example, post.column))
        slowest = max(slowest, time.thread_time() - began)
        best = max(likely, key=lambda name: likely[name])
        ruled.append(Judged(ruling.choice.column, ruling.choice.confidence, ruling.choice.column == post.column))
        learned.append(Judged(best, likely[best], best == post.column))
    return Stream(tuple(ruled), tuple(learned), slowest, learner.model())


def _unit(post: Post) -> Unit | None:
    """Its name is a mark to learn from; its kind is not known, so that `from` binds nothing."""
    return Unit(post.unit, "") if post.unit else None


def _rules_table(posts: Sequence[Post], judged: Sequence[Judged], office: Office) -> Table:
    news = {column.name for column in office.columns if column.role in {"dynamic", "news"}}
    table = Table("rules alone", "posts", "right", "news as one column", title=f"{len(posts)} titles")
    by_column = defaultdict(list)
    for post, one in zip(posts, judged, strict=True):
        by_column[post.column].append((one.right, one.right or (one.column in news and post.column in news)))
    every = [pair for pairs in by_column.values() for pair in pairs]
    for name, pairs in (("all", every), *sorted(by_column.items(), key=lambda item: -len(item[1]))):
        exact, alike = zip(*pairs, strict=True)
        table.add_row(name, str(len(pairs)), _share(exact), _share(alike))
    return table


def _stream_table(sites: dict[str, Stream], whole: Stream) -> Table:
    """Each cell: right of the learner (of the rules) among the posts from this mark to the next."""
    spans = [*zip(MARKS, (*MARKS[1:], None), strict=True)]
    table = Table("stream", *(f"after {mark}" for mark in MARKS), title="share right after so many handled posts")
    for name, stream in sites.items():
        table.add_row(name, *(_cell(stream.learned[a:b], stream.ruled[a:b]) for a, b in spans))
    together = [[one for stream in sites.values() for one in stream.learned[a:b]] for a, b in spans]
    by_rules = [[one for stream in sites.values() for one in stream.ruled[a:b]] for a, b in spans]
    table.add_row("all sites", *(_cell(*pair) for pair in zip(together, by_rules, strict=True)), style="bold")
    table.add_row("one office of all", *(_cell(whole.learned[a:b], whole.ruled[a:b]) for a, b in spans), style="bold")
    table.add_row("the README's", *(f"{figure:.2f}" for figure in README))
    return table


def _cell(learned: Sequence[Judged], ruled: Sequence[Judged]) -> str:
    return f"{_right(learned)} ({_right(ruled)}) of {len(learned)}" if learned else ""


def _right(judged: Iterable[Judged]) -> str:
    return _share([one.right for one in judged])


def _share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / len(hits):.3f}" if hits else "–"


def _sure_table(sites: Iterable[Stream], whole: Stream) -> Table:
    streams = list(sites)
    table = Table(f"confidence ≥ {SURE}", "share of posts", "right", title="calibration")
    for name, judged in (
        ("rules", whole.ruled),
        ("learner, site by site", [one for stream in streams for one in stream.learned]),
        ("learner, one office of all", whole.learned),
    ):
        sure = [one.confidence >= SURE for one in judged]
        table.add_row(name, _share(sure), _right(one for one in judged if one.confidence >= SURE))
    return table


def _cost(whole: Stream) -> str:
    model = whole.model
    weights = sum(len(of) for of in model.weights.values())
    pickled, written = len(pickle.dumps(model)) / 1e6, len(to_json(model).encode()) / 1e6
    return (
        f"{model.lessons} lessons: the slowest {1000 * whole.slowest:.1f} ms; {len(model.weights)} marks, "
        f"{weights} weights, {pickled:.1f} MB pickled, {written:.1f} MB as a file"
    )


if __name__ == "__main__":
    main()
