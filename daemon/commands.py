"""The command line (CONTRACT.md, section 1). Exit 0: done; 1: the job failed; 2: wrong usage or config.

A command loads what it needs when it runs: listing drafts takes no web server, and a restart takes over sooner.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from daemon import clock
from daemon.blobs import StoreUnavailable
from daemon.desk import accounts, listings
from daemon.mail.errors import MailError
from daemon.rules.assessment import PeriodError, Report
from daemon.settings import Settings, SettingsError, load
from daemon.store.unit_of_work import Store

HOME = Path(__file__).resolve().parent.parent
STATES = (
    "pending", "quarantined", "archived", "in_review", "returned", "approved", "exported", "published", "rejected",
    "withdrawn",
)  # fmt: skip


class UsageError(Exception):
    """The words of the command are off; the text says how."""


def main(words: Sequence[str]) -> int:
    """Runs one command; errors are one clear line each on standard error."""
    arguments = _parser().parse_args(words)
    try:
        return int(arguments.do(arguments) or 0)
    except (SettingsError, UsageError) as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except (StoreUnavailable, MailError, accounts.AccountError, OSError) as failure:
        print(_one_line(failure), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run_daemon.py", description="Baosong: from the portal's mailbox to the editors' queue."
    )
    parser.add_argument(
        "--config",
        type=Path,
        default=HOME / "config",
        metavar="DIR",
        help="folder of the YAML files (default: config beside this script)",
    )
    parser.set_defaults(do=_run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _command(commands, "run", _run, "the daemon itself; the same as no command")
    demo = _command(commands, "demo", _demo, "the whole daemon on embedded servers and sample mails; needs no config")
    demo.add_argument("--once", action="store_true", help="end after the last sample mail, with a table")
    _command(commands, "poll", _poll, "one pass: fetch, parse, store, send what waits")
    _add_tick(commands)
    _add_parse(commands)
    _add_import(commands)
    _add_listings(commands)
    _add_report(commands)
    _add_letters(commands)
    _command(commands, "evaluate", _evaluate, "replays the editors' column corrections: accuracy of rules, model, both")
    _command(commands, "check", _check, "reads the config, tries database, servers and readers; says what to do")
    _add_config(commands)
    _add_user(commands)
    return parser


def _command(
    commands: Any, name: str, do: Callable[[argparse.Namespace], int | None], help_text: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(do=do)
    return parser


def _add_tick(commands: Any) -> None:
    parser = _command(
        commands, "tick", _tick, "one pass of the timers: reminders that are due are written to the outbox"
    )
    parser.add_argument(
        "--now", metavar="TIME", help="as of this time (ISO 8601); after the present only with --dry-run"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, write nothing")


def _add_parse(commands: Any) -> None:
    parser = _command(commands, "parse", _parse, "message files to one JSON object a line, without mailbox or database")
    parser.add_argument("files", nargs="+", metavar="FILE.eml", help="- is standard input")
    parser.add_argument("--explain", action="store_true", help="for a person: how each answer was found")


def _add_import(commands: Any) -> None:
    parser = _command(commands, "import", _import, "takes in .eml files, folders, mbox and Maildir as history")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument(
        "--live", action="store_true", help="as if received now by the mailbox: drafts to review, letters, duties"
    )


def _add_listings(commands: Any) -> None:
    for name, do, help_text in (
        ("messages", _messages, "every message ever seen"),
        ("drafts", _drafts, "the drafts and their states"),
        ("outbox", _outbox, "the letters and what became of them"),
    ):
        parser = _command(commands, name, do, help_text)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        if name == "drafts":
            parser.add_argument("--state", choices=STATES, metavar="STATE", help=", ".join(STATES))


def _add_report(commands: Any) -> None:
    parser = _command(commands, "report", _report, "the assessment of a month, half-year or year")
    parser.add_argument("period", metavar="PERIOD", help="2026-11, 2026-H1 or 2026")
    parser.add_argument("--out", type=Path, metavar="FILE", help="ends in .json .xlsx .docx .html; default: a table")


def _add_config(commands: Any) -> None:
    config = commands.add_parser("config", help="the config files", description="the config files")
    actions = config.add_subparsers(title="actions", metavar="ACTION", required=True)
    _command(actions, "export", _config_export, "prints units.yaml with what the desk has learned written into it")


def _add_letters(commands: Any) -> None:
    from daemon.mail.samples import kinds

    letters = commands.add_parser("letters", help="letters to look at", description="letters to look at")
    actions = letters.add_subparsers(title="actions", metavar="ACTION", required=True)
    parser = _command(actions, "preview", _letters_preview, "every case of a kind, with invented content")
    parser.add_argument("kind", metavar="KIND", choices=kinds(), help=", ".join(kinds()))
    parser.add_argument("--out", type=Path, metavar="FILE", help="ends in .html .txt .eml; default: all as plain text")
    parser = _command(actions, "send-test", _letters_send_test, "one of a kind, marked as a test, to one address")
    parser.add_argument("kind", metavar="KIND", choices=kinds(), help=", ".join(kinds()))
    parser.add_argument("address", metavar="ADDRESS", help="the only one that it goes to")


def _add_user(commands: Any) -> None:
    user = commands.add_parser("user", help="accounts of the review queue", description="accounts of the review queue")
    actions = user.add_subparsers(title="actions", metavar="ACTION", required=True)
    parser = _command(actions, "add", _user_add, "a new account")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--role", required=True, choices=accounts.ROLES)
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input, one line")


def _run(arguments: argparse.Namespace) -> int:
    from daemon import service

    return service.run(arguments.config)


def _demo(arguments: argparse.Namespace) -> int:
    from daemon.demo.show import show

    return show(once=arguments.once)


def _poll(arguments: argparse.Namespace) -> int:
    from daemon import service

    return service.poll_once(load(arguments.config))


def _tick(arguments: argparse.Namespace) -> None:
    from daemon.desk.overlay import Current
    from daemon.desk.tick import tick

    settings = load(arguments.config)
    now = _moment(arguments.now, settings)
    if now > clock.now(settings.office_value.zone) and not arguments.dry_run:
        raise UsageError("--now 晚于当前时间：只能与 --dry-run 一起使用")
    with _store(settings) as store:
        for line in tick(store, Current(store, settings).settings(), settings.calendar, now, dry_run=arguments.dry_run):
            print(line)


def _moment(text: str | None, settings: Settings) -> datetime:
    """A time on the command line; without an offset it is the office's."""
    zone = settings.office_value.zone
    if text is None:
        return clock.now(zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--now 应为 ISO 8601 时间，如 2026-11-24T09:00，而不是“{text}”") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _parse(arguments: argparse.Namespace) -> int:
    from daemon.offline import explain_files, parse_files

    settings = load(arguments.config)
    return explain_files(arguments.files, settings) if arguments.explain else parse_files(arguments.files, settings)


def _import(arguments: argparse.Namespace) -> int:
    from daemon import service

    return service.import_paths(load(arguments.config), arguments.paths, live=arguments.live)


def _messages(arguments: argparse.Namespace) -> None:
    columns = {
        "state": "状态",
        "kind": "类别",
        "received_at": "收到时间",
        "unit": "单位",
        "subject": "主题",
        "drafts": "回执号",
        "error": "说明",
    }
    _list(arguments, listings.messages, columns)


def _drafts(arguments: argparse.Namespace) -> None:
    columns = {
        "receipt": "回执号",
        "state": "状态",
        "unit": "单位",
        "column": "栏目",
        "title": "标题",
        "received_at": "收到时间",
        "timeliness": "时限",
    }

    def rows(session: Any, base_url: str) -> list[listings.Row]:
        return listings.drafts(session, arguments.state, base_url)

    base_url = load(arguments.config).base_url
    _list(arguments, partial(rows, base_url=base_url), columns)


def _outbox(arguments: argparse.Namespace) -> None:
    columns = {
        "state": "状态",
        "kind": "类别",
        "to": "收信人",
        "subject": "主题",
        "created_at": "写成时间",
        "sent_at": "发出时间",
        "error": "说明",
    }
    _list(arguments, listings.outbox, columns)


def _list(arguments: argparse.Namespace, rows_of: Callable[[Any], list[listings.Row]], columns: dict[str, str]) -> None:
    settings = load(arguments.config)
    with _store(settings) as store, store.read() as session:
        rows = rows_of(session)
    plain = partial(_plain, zone=settings.office_value.zone)
    if arguments.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False, default=plain))
        return
    table = Table(*columns.values())
    for row in rows:
        table.add_row(*(_cell(row[key], plain) for key in columns))
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _cell(value: Any, plain: Callable[[Any], str]) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    if isinstance(value, datetime):
        return plain(value)[:16].replace("T", " ")
    return "" if value is None else str(value)


def _plain(value: Any, zone: ZoneInfo) -> str:
    """Times as the office's clock shows them."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _evaluate(arguments: argparse.Namespace) -> None:
    from daemon.desk.evaluate import HEADINGS, evaluate, line

    settings = load(arguments.config)
    with _store(settings) as store, store.read() as session:
        spans = evaluate(session, settings.office_value)
    table = Table(*HEADINGS)
    for span in spans:
        table.add_row(*line(span))
    Console(width=None if sys.stdout.isatty() else 200).print(
        table if spans else "编辑还没有确认或改动过栏目，无从评估"
    )


def _report(arguments: argparse.Namespace) -> None:
    from daemon.desk.frozen import report_of
    from daemon.export.report_file import ENDINGS, has_form, write_report

    if arguments.out and not has_form(arguments.out):
        raise UsageError(f"--out：文件名应以 {'、'.join(ENDINGS)} 结尾，而不是“{arguments.out.name}”")
    settings = load(arguments.config)
    with _store(settings) as store:
        try:
            now = clock.now(settings.office_value.zone)
            report = report_of(store, settings, settings.calendar, arguments.period, now)
        except PeriodError as mistake:
            raise UsageError(str(mistake)) from None
    if arguments.out:
        write_report(report, settings.office.name, arguments.out)
    else:
        _print_report(report)


def _print_report(report: Report) -> None:
    from daemon.export.figures import caveat, headings_of, said

    headings = headings_of(report.units)
    table = Table("类别", *(heading.name for heading in headings), title=f"{report.period.said}内容保障考核")
    for unit in report.units:
        table.add_row(report.kind_name(unit), *(said(heading.of(unit)) for heading in headings))
    table.caption = caveat(report)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


def _letters_preview(arguments: argparse.Namespace) -> None:
    from daemon.letters import FORMS, preview

    if arguments.out and arguments.out.suffix.lower() not in FORMS:
        raise UsageError(f"--out：文件名应以 {'、'.join(FORMS)} 结尾，而不是“{arguments.out.name}”")
    settings = load(arguments.config)
    print(preview(arguments.kind, arguments.out, settings, clock.now(settings.office_value.zone)))


def _letters_send_test(arguments: argparse.Namespace) -> None:
    from daemon.letters import send_test
    from daemon.mail.letter import is_deliverable

    if not is_deliverable(arguments.address):
        raise UsageError(f"ADDRESS 应为一个邮箱地址，而不是“{arguments.address}”")
    settings = load(arguments.config)
    print(send_test(arguments.kind, arguments.address, settings, clock.now(settings.office_value.zone)))


def _check(arguments: argparse.Namespace) -> int:
    from daemon.check import check

    return check(arguments.config)


def _config_export(arguments: argparse.Namespace) -> None:
    from daemon.desk.overlay import learned
    from daemon.settings.merge import merged

    settings = load(arguments.config)
    with _store(settings) as store, store.read() as session:
        entries = learned(session)
    sys.stdout.write(merged((settings.folder / "units.yaml").read_text("utf-8-sig"), entries))


def _user_add(arguments: argparse.Namespace) -> None:
    settings = load(arguments.config)
    password = sys.stdin.readline().rstrip("\r\n") if arguments.password_stdin else _asked_password()
    with _store(settings) as store, store.write() as session:
        accounts.add_user(session, arguments.name, password, arguments.role, clock.now(settings.office_value.zone))
    print(f"已添加账号 {arguments.name}（{arguments.role}）")


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise UsageError("没有终端可以输入密码：请用 --password-stdin 从标准输入给出")
    password = getpass.getpass("密码：")
    if password != getpass.getpass("再输一次："):
        raise UsageError("两次输入的密码不一致")
    return password


def _store(settings: Settings) -> Store:
    return Store.open(settings.database.url(), settings.data_dir)


def _one_line(failure: BaseException) -> str:
    if isinstance(failure, OSError) and failure.filename:
        return f"{failure.filename}: {failure.strerror}"
    return " ".join(str(failure).split())
