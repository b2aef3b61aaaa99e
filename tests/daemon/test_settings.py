"""The config folder: what is accepted, and what each mistake is told as."""
# ruff: noqa: E501 (one mistake a line reads as a table)

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from daemon.rules.points import Weights
from daemon.settings import Settings, SettingsError, load
from daemon.settings.models import OfficeFile
from daemon.settings.values import Hours
from parsers.office import Period, Quota

SHIPPED = Path(__file__).resolve().parents[2] / "config"

OFFICE = """
office: {name: 云溪县政务网编辑部, address: desk@office.example.cn, phone: "0500-1234567"}
mailbox: {host: imap.example.cn, user: desk, password: "${TEST_IMAP_PASSWORD}"}
smtp: {host: smtp.example.cn, user: desk, password: "${TEST_SMTP_PASSWORD}", from: Desk@Office.example.cn}
"""
UNITS = """
units:
  - name: 青石镇人民政府
    aliases: [青石镇]
    kind: town
    addresses: ["@qingshi.example.cn", QS@mail.example.cn]
    liaison: {name: 李明, phone: "0500-1111111"}
  - {name: 云溪县财政局, kind: department, addresses: [czj@mail.example.cn], since: 2026-03-01, exempt: [文件]}
"""
COLUMNS = """
columns:
  - {name: 镇动态, from: [town], role: dynamic, quota: [{at_least: 1, per: day}, {at_least: 30, per: month}]}
  - {name: 部门动态, from: [department], quota: {at_least: 15, per: month, counts: published}, stale_after: 14d}
  - {name: 文件, keywords: [通知], submit_within: 3d, publish_within: 12h}
"""
CALENDAR = "holidays: [2027-02-06]\nworkdays: [2027-02-14]\nofficial_years: [2027]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"office": OFFICE, "units": UNITS, "columns": COLUMNS, "calendar": CALENDAR}.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    return tmp_path


def changed(folder: Path, name: str, old: str, new: str) -> Path:
    """The folder with a passage of one file replaced."""
    path = folder / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return folder


def office_with(folder: Path, **sections: Any) -> Settings:
    """The settings with keys added to sections of office.yaml."""
    path = folder / "office.yaml"
    tree = yaml.safe_load(path.read_text("utf-8"))
    for name, value in sections.items():
        tree[name] = tree.get(name, {}) | value if isinstance(value, dict) else value
    path.write_text(yaml.safe_dump(tree, allow_unicode=True), "utf-8")
    return load(folder)


def mistakes(folder: Path) -> list[str]:
    """What loading the folder complains of, a line each."""
    with pytest.raises(SettingsError) as caught:
        load(folder)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return list(caught.value.mistakes)


def test_the_defaults_are_those_of_the_contract(folder: Path) -> None:
    settings = load(folder)
    assert (settings.office.timezone, settings.data_dir) == ("Asia/Shanghai", Path("data"))
    assert settings.database.url() == "sqlite:///data/baosong.sqlite3"
    mailbox = settings.mailbox
    assert (mailbox.port, mailbox.security, mailbox.folder, mailbox.name) == (993, "tls", "INBOX", "main")
    assert (mailbox.poll_every, mailbox.start, mailbox.max_size) == (timedelta(seconds=60), "now", 100 * 2**20)
    assert (mailbox.trusted_host, mailbox.ca_file) == (None, None)
    smtp = settings.smtp
    assert (smtp.port, smtp.security, smtp.envelope, smtp.per_minute, smtp.per_day) == (465, "tls", "from", 20, 500)
    assert (smtp.from_address, smtp.retry_for) == ("desk@office.example.cn", timedelta(days=3))
    web = settings.web
    assert (web.host, web.port, web.base_url, web.behind_proxy) == ("127.0.0.1", 8025, None, False)
    assert (web.session, web.lock_after) == (timedelta(hours=8), 5)


def test_the_defaults_of_the_optional_sections_are_those_of_the_contract(folder: Path) -> None:
    settings = load(folder)
    letters = settings.letters
    assert (letters.hours, letters.acknowledge_within) == (Hours(time(8, 30), time(17, 30)), timedelta(days=3))
    assert (letters.unverified, letters.per_address_a_day, letters.total_a_day) == ("one_a_day", 20, 500)
    reminders = settings.reminders
    assert (reminders.at, reminders.preview_at, reminders.hold) == (time(9), time(16), False)
    assert (reminders.lead, reminders.quota_lead, reminders.escalate_after) == (Period(1, "d"), Period(5, "wd"), 3)
    review = settings.review
    assert (review.steps, review.single_step, review.lock) == (("初审", "终审"), (), timedelta(minutes=15))
    assert (review.desk_within, review.ask_below) == (Period(1, "wd"), 0.6)
    assert (settings.publishing.folder, settings.publishing.confirm) == (Path("data/export"), "editor")
    assert (settings.readers.workers, settings.readers.office_suite, settings.readers.ocr) == ("auto", "auto", "auto")
    assert (settings.readers.light.time, settings.readers.light.memory) == (timedelta(seconds=20), 2 * 2**30)
    assert (settings.readers.heavy.time, settings.readers.heavy.memory) == (timedelta(seconds=300), 3 * 2**30)
    consultations = settings.consultations
    assert str(consultations.notice) == "24h"
    assert (consultations.answer, consultations.important) == (Period(3, "wd"), Period(3, "d"))
    assert (settings.keep.raw, settings.keep.rejected, settings.keep.journal) == (None, Period(36, "mo"), None)
    assert settings.assessment.weights.value() == Weights(50, 30, 10, 10)
    assert settings.assessment.kinds == {}


def test_units_and_columns_become_the_values_that_the_rules_know(folder: Path) -> None:
    office = load(folder).office_value
    town, department = office.units
    assert town.addresses == ("@qingshi.example.cn", "qs@mail.example.cn")
    assert (town.liaison_name, town.liaison_phone) == ("李明", "0500-1111111")
    assert (department.since, department.exempt) == (date(2026, 3, 1), ("文件",))
    news, other, documents = office.columns
    assert news.quotas == (Quota(1, "day"), Quota(30, "month"))
    assert other.quotas == (Quota(15, "month", counts="published"),)
    assert (other.kinds, other.stale_after) == (("department",), Period(14, "d"))
    assert (documents.kinds, documents.submit_within, documents.publish_within) == (
        None,
        Period(3, "d"),
        Period(12, "h"),
    )


def test_letters_to_a_unit_go_to_its_first_whole_address_unless_it_says_where(folder: Path) -> None:
    assert load(folder).office_value.units[0].notify == ("qs@mail.example.cn",)
    changed(folder, "units", "aliases: [青石镇]", "aliases: [青石镇]\n    notify: [dang@mail.example.cn]")
    assert load(folder).office_value.units[0].notify == ("dang@mail.example.cn",)


def test_the_calendar_file_stands_over_the_library(folder: Path) -> None:
    calendar = load(folder).calendar
    assert not calendar.is_working_day(date(2027, 2, 6))
    assert calendar.is_working_day(date(2027, 2, 14))
    assert calendar.is_certain(2027)
    assert not calendar.is_certain(2028)


def test_an_empty_calendar_file_is_a_calendar(folder: Path) -> None:
    (folder / "calendar.yaml").write_text("# 暂无\n", "utf-8")
    assert load(folder).calendar.roll_over


def test_the_version_changes_with_any_file_and_with_nothing_else(folder: Path) -> None:
    before = load(folder).office_value.config_version
    assert len(before) == 12
    assert load(folder).office_value.config_version == before
    (folder / "assessment.yaml").write_text("weights: {punctuality: 0}\nkinds: {town: 镇}\n", "utf-8")
    settings = load(folder)
    assert settings.office_value.config_version != before
    assert settings.assessment.weights.value() == Weights(50, 0, 10, 10)
    assert settings.assessment.kinds == {"town": "镇"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weights: {late: 1}", "assessment.yaml: weights.late：没有这一项"),
        ("weights: {completeness: -1}", "weights.completeness：值“-1”不正确，应不小于 0"),
        ("weights: {completeness: 0, punctuality: 0, liveliness: 0, interpretation: 0}", "weights：各项权重不能都是 0"),
        ("kinds: 镇", "kinds：值“镇”不正确，应由“键: 值”组成"),
        ("kinds: {twon: 镇}", "kinds：值“twon”不正确，units.yaml 中没有这一类（kind）单位，是否应为“town”"),
    ],
)
def test_a_wrong_assessment_file_is_refused(folder: Path, text: str, said: str) -> None:
    (folder / "assessment.yaml").write_text(text, "utf-8")
    with pytest.raises(SettingsError) as error:
        load(folder)
    assert said in str(error.value)


def test_settings_cannot_be_changed(folder: Path) -> None:
    settings = load(folder)
    with pytest.raises(Exception, match="frozen"):
        settings.web.port = 1


@pytest.mark.parametrize(("written", "meant"), [("now", "now"), ("all", "all"), ("2026-01-31", date(2026, 1, 31))])
def test_the_start_of_a_mailbox_is_now_all_or_a_date(folder: Path, written: str, meant: object) -> None:
    changed(
        folder, "office", 'user: desk, password: "${TEST_IMAP', f'start: {written}, user: desk, password: "${{TEST_IMAP'
    )
    assert load(folder).mailbox.start == meant


@pytest.mark.parametrize("written", ['"null"', "null", "~"])
def test_the_null_envelope_may_be_written_with_or_without_quotes(folder: Path, written: str) -> None:
    changed(folder, "office", "from: Desk@", f"envelope: {written}, from: Desk@")
    assert load(folder).smtp.envelope == "null"


def test_hours_without_quotes_are_hours_and_not_minutes(folder: Path) -> None:
    (folder / "office.yaml").write_text(
        OFFICE + "reminders: {at: 16:05, hold: yes}\nletters: {hours: 8:00-18:00}\n", "utf-8"
    )
    settings = load(folder)
    assert (settings.reminders.at, settings.reminders.hold) == (time(16, 5), True)
    assert settings.letters.hours == Hours(time(8), time(18))


def test_for_ever_is_no_limit(folder: Path) -> None:
    settings = office_with(folder, letters={"acknowledge_within": "forever"}, keep={"rejected": "forever"})
    assert settings.letters.acknowledge_within is None
    assert settings.keep.rejected is None


# --- secrets


def test_a_secret_comes_from_the_environment_when_it_is_asked_for(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load(folder)
    monkeypatch.setenv("TEST_IMAP_PASSWORD", "授权码")
    assert settings.mailbox.password() == "授权码"


def test_a_missing_variable_is_named_only_by_whoever_needs_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_IMAP_PASSWORD", raising=False)
    settings = load(folder)
    with pytest.raises(SettingsError, match=r"office\.yaml: mailbox\.password：环境变量 TEST_IMAP_PASSWORD 没有设置"):
        settings.mailbox.password()


def test_a_secret_file_lies_beside_the_config(folder: Path) -> None:
    changed(folder, "office", 'password: "${TEST_SMTP_PASSWORD}"', "password_file: smtp.secret")
    settings = load(folder)
    assert settings.smtp.password is not None
    with pytest.raises(SettingsError, match=r"smtp\.password：读不到密码文件 .*smtp\.secret（文件不存在）"):
        settings.smtp.password()
    (folder / "smtp.secret").write_text("s3cret\n", "utf-8")
    assert settings.smtp.password() == "s3cret"


def test_the_address_of_the_database_may_hold_a_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DB", "pw")
    settings = office_with(folder, database={"url": "postgresql+psycopg://baosong:${TEST_DB}@db/baosong"})
    assert settings.database.url() == "postgresql+psycopg://baosong:pw@db/baosong"


def test_no_secret_shows_when_settings_are_printed(folder: Path) -> None:
    settings = office_with(folder, mailbox={"password": "hunter2"})
    assert "hunter2" not in repr(settings)
    assert settings.warnings == (
        "office.yaml: mailbox.password：密码直接写在文件里，建议改用 ${环境变量} 或 password_file",
    )


def test_no_secret_shows_in_a_mistake_beside_it(folder: Path) -> None:
    changed(folder, "office", 'password: "${TEST_IMAP_PASSWORD}"', "password: hunter2, password_file: x")
    assert mistakes(folder) == ["office.yaml: mailbox：password 与 password_file 只能填写一个"]


def test_a_relay_that_asks_for_no_login_needs_no_password(folder: Path) -> None:
    changed(folder, "office", 'user: desk, password: "${TEST_SMTP_PASSWORD}", ', "")
    assert (load(folder).smtp.user, load(folder).smtp.password) == (None, None)


# --- mistakes, one at a time: (file, what stands there, what is written instead, what is said)

WRONG = [
    ("office", "host: imap.example.cn", "hots: imap.example.cn", "office.yaml: mailbox.hots：没有这一项，是否应为“host”"),
    ("office", "host: imap.example.cn, ", "", "office.yaml: mailbox.host：缺少这一项，必须填写"),
    ("office", ', password: "${TEST_IMAP_PASSWORD}"', "", "office.yaml: mailbox.password：缺少这一项，必须填写"),
    ("office", 'user: desk, password: "${TEST_SMTP', 'password: "${TEST_SMTP', "office.yaml: smtp：user 与 password"),
    ("office", 'phone: "0500-1234567"', "phone: 8188650", "office.yaml: office.phone：值“8188650”不正确，应为文字"),
    ("office", "host: imap", "port: 99999, host: imap", "office.yaml: mailbox.port：值“99999”不正确，应不大于 65535"),
    ("office", "host: imap", "port: '993', host: imap", "office.yaml: mailbox.port：值“993”不正确，应为整数"),
    ("office", "host: imap", "security: ssl, host: imap", "mailbox.security：值“ssl”不正确，应为下列之一：tls、starttls、none"),
    ("office", "host: imap", "poll_every: 60, host: imap", "mailbox.poll_every：值“60”不正确，应为时长"),
    ("office", "host: imap", "poll_every: 1wd, host: imap", "mailbox.poll_every：值“1wd”不正确，应为固定时长"),
    ("office", "host: imap", "max_size: 100M, host: imap", "mailbox.max_size：值“100M”不正确，应为大小"),
    ("office", "host: imap", "start: 昨天, host: imap", "mailbox.start：值“昨天”不正确，应为 now（从首次收信起）"),
    ("office", "desk@office.example.cn, phone", "desk, phone", "office.address：值“desk”不正确，应为完整的邮箱地址"),
    ("office", "{name: 云溪县政务网编辑部", "{timezone: 北京, name: 编辑部", "office.timezone：值“北京”不正确，应为时区名称"),
    ("office", "\noffice:", "\nwebb: {port: 1}\noffice:", "office.yaml: webb：没有这一项，是否应为“web”"),
    ("office", "\noffice:", "\nweb: {base_url: 编辑部}\noffice:", "web.base_url：值“编辑部”不正确，应为网址"),
    ("office", "\noffice:", "\nweb: 8025\noffice:", "office.yaml: web：值“8025”不正确，应由“键: 值”组成"),
    ("office", "\noffice:", "\nletters: {hours: 17:30-08:30}\noffice:", "letters.hours：值“17:30-08:30”不正确，开始时刻应早于"),
    ("office", "\noffice:", "\nreminders: {at: 25:00}\noffice:", "reminders.at：值“25:00”不正确，应为一天中的时刻"),
    ("office", "\noffice:", "\nreminders: {hold: 可}\noffice:", "reminders.hold：值“可”不正确，应为 true 或 false"),
    ("office", "\noffice:", "\nreview: {steps: []}\noffice:", "office.yaml: review.steps：至少应有 1 项"),
    ("office", "\noffice:", "\nreview: {steps: 终审}\noffice:", "review.steps：值“终审”不正确，应为列表"),
    ("office", "\noffice:", "\nreview: {ask_below: 2}\noffice:", "review.ask_below：值“2”不正确，应不大于 1"),
    ("office", "\noffice:", "\nreview: {single_step: [文档]}\noffice:", "single_step：值“文档”不正确，columns.yaml 中没有这个栏目"),
    ("office", "\noffice:", "\nreaders: {workers: 0}\noffice:", "readers.workers：值“0”不正确，应为 auto 或 1 到 64"),
    ("office", "\noffice:", "\nreaders: {light: {time: 1s}}\noffice:", "office.yaml: readers.light.memory：缺少这一项"),
    ("office", "user: desk, password: \"${TEST_IMAP", "user: '${U}', password: \"${TEST_IMAP", "mailbox.user：值“${U}”不正确，只有 password 和"),
    ("office", "\noffice:", "\noffice: {}\noffice:", "office.yaml：第 3 行：键 office 重复"),
    ("office", "name: 云溪县政务网编辑部", "name: &a 编辑部, phone: *a, x: 1", "office.yaml：第 2 行附近：不支持 YAML 的别名"),
    ("office", "office: {", "office: [", "office.yaml：第 2 行附近不是正确的 YAML"),
    ("office", "name: 云溪县政务网编辑部", 'name: "编辑部\\nBcc: x"', "office.name：值“编辑部\nBcc: x”不正确，不应含有换行"),
    ("units", "kind: town", "kind: twon", "units.yaml: units[青石镇人民政府].kind：值“twon”不正确，没有栏目接受这一类单位，是否应为“town”"),
    ("units", "exempt: [文件]", "exempt: [文献]", "units[云溪县财政局].exempt：值“文献”不正确，columns.yaml 中没有这个栏目，是否应为“文件”"),
    ("units", "name: 云溪县财政局", "name: 青石镇人民政府", "units[].name：值“青石镇人民政府”不正确，重复出现 2 次"),
    ("units", "czj@mail", "qs+bgs@mail", "units[].addresses：值“qs@mail.example.cn”不正确，重复出现 2 次"),
    ("units", "[青石镇]", "[云溪县财政局]", "units[青石镇人民政府].aliases：值“云溪县财政局”不正确，是另一个单位的名称"),
    ("units", "czj@mail.example.cn", "财政局", "units[云溪县财政局].addresses[第1项]：值“财政局”不正确，应为完整的邮箱地址或带引号的域名"),
    ("units", "2026-03-01", "2026-02-30", "units.yaml：第 8 行：2026-02-30 不是有效的日期"),
    ("units", "2026-03-01", "三月", "units[云溪县财政局].since：值“三月”不正确，应为日期"),
    ("units", "2026-03-01", "2026-03-01, until: 2026-02-01", "units[云溪县财政局]：since 不应晚于 until"),
    ("columns", "from: [town]", "from: [towns]", "columns[镇动态].from：值“towns”不正确，units.yaml 中没有这一类（kind）单位，是否应为“town”"),
    ("columns", "role: dynamic", "role: 动态", "columns[镇动态].role：值“动态”不正确，应为下列之一：document、notice"),
    ("columns", "name: 文件", "name: 部门动态", "columns[].name：值“部门动态”不正确，重复出现 2 次"),
    ("columns", "at_least: 15, per: month", "at_least: 15, per: week", "columns[部门动态].quota[第1项].per：值“week”不正确，应为下列之一：day、month"),
    ("columns", "at_least: 15", "at_most: 15", "columns[部门动态].quota[第1项].at_most：没有这一项，是否应为“at_least”"),
    ("columns", "submit_within: 3d", "submit_within: 3天", "columns[文件].submit_within：值“3天”不正确，应为时长"),
    ("columns", "submit_within: 3d", "submit_within: 0d", "columns[文件].submit_within：值“0d”不正确，应为时长"),
    ("calendar", "[2027-02-14]", "[2027-02-06]", "calendar.yaml: 文件：2027-02-06 不能既是假日"),
    ("calendar", "[2027-02-14]", "[春节]", "calendar.yaml: workdays[第1项]：值“春节”不正确，应为日期"),
    ("calendar", "[2027]", "[27]", "calendar.yaml: official_years[第1项]：值“27”不正确，应不小于 2004"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_a_mistake_is_told_with_file_key_value_and_what_was_expected(
    folder: Path, name: str, old: str, new: str, said: str
) -> None:
    lines = mistakes(changed(folder, name, old, new))
    assert any(said in line for line in lines), lines


def test_a_kind_that_may_file_nowhere_is_refused(folder: Path) -> None:
    changed(folder, "units", "\nunits:", "\nunits:\n  - {name: 云溪县广播电视台, kind: broadcaster}")
    assert load(folder).office_value.units[0].kind == "broadcaster"  # 文件 is open to all
    changed(folder, "columns", "name: 文件,", "name: 文件, from: [department],")
    assert mistakes(folder) == [
        "units.yaml: units[云溪县广播电视台].kind：值“broadcaster”不正确，没有栏目接受这一类单位"
    ]


def test_every_mistake_of_every_file_is_told_at_once(folder: Path) -> None:
    changed(folder, "office", "host: imap.example.cn, ", "")
    changed(folder, "units", "kind: town", "kid: town")
    changed(folder, "columns", "role: dynamic", "role: 1")
    files = {line.split(":")[0] for line in mistakes(folder)}
    assert files == {"office.yaml", "units.yaml", "columns.yaml"}


def test_a_missing_folder_or_file_is_named(folder: Path) -> None:
    assert mistakes(folder / "none") == [f"配置文件夹 {folder / 'none'} 不存在，请用 --config 指明"]
    (folder / "units.yaml").unlink()
    assert mistakes(folder) == [f"units.yaml：配置文件夹 {folder} 中没有这个文件"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"- a\n", "文件应由“键: 值”组成"),
        ("单位: 1".encode("gb18030"), "文件应以 UTF-8 编码保存"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, "层次过深"),
        (b"a: !!python/object/apply:os.system [true]\n", "不是正确的 YAML"),
        (b"? [a, b]\n: 1\n", "键应为文字"),
        (b"#" * (2 * 2**20 + 1), "文件过大"),
    ],
)
def test_a_file_that_is_no_config_is_refused_quickly(folder: Path, content: bytes, said: str) -> None:
    (folder / "units.yaml").write_bytes(content)
    assert any(said in line and line.startswith("units.yaml：") for line in mistakes(folder))


def test_an_alias_that_two_units_share_is_a_warning(folder: Path) -> None:
    changed(folder, "units", "{name: 云溪县财政局,", "{name: 云溪县财政局, aliases: [青石镇],")
    assert "units.yaml: 别名“青石镇”属于几个单位，不能据此辨认单位" in load(folder).warnings


# --- what is shipped


def test_the_shipped_config_is_right_and_holds_reminders_until_the_register_is_checked() -> None:
    settings = load(SHIPPED)
    assert settings.warnings == ()
    assert settings.reminders.hold
    assert len(settings.office_value.units) == 47
    assert len(settings.office_value.columns) == 21


def test_the_shipped_config_asks_of_towns_and_departments_what_the_notice_asks() -> None:
    office = load(SHIPPED).office_value
    towns, departments = office.column("镇（街道）动态"), office.column("部门动态")
    assert towns is not None
    assert departments is not None
    assert towns.quotas == (Quota(1, "day"), Quota(30, "month"))
    assert departments.quotas == (Quota(15, "month", counts="published"),)
    limits = {column.name: str(column.publish_within) for column in office.columns}
    assert limits["政务公告"] == "12h"
    assert {limits[name] for name in ("政府公文", "政府采购", "法律法规", "人事任免")} == {"24h"}


def test_the_shipped_office_file_shows_every_setting() -> None:
    text = (SHIPPED / "office.yaml").read_text("utf-8")
    missing = [key for key in keys_of(OfficeFile) if f"{key}:" not in text]
    assert missing == []


def keys_of(model: type[BaseModel]) -> set[str]:
    """The keys of a model and of the sections in it."""
    inner = [field.annotation for field in model.model_fields.values()]
    own = {field.alias or name for name, field in model.model_fields.items()}
    sections = [part for part in inner if isinstance(part, type) and issubclass(part, BaseModel)]
    return own.union(*(keys_of(section) for section in sections))


KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
KEY_NAME = "S1._domainkey.Qingshi.example.cn"


def with_keys(folder: Path, keys: str) -> Path:
    return changed(folder, "office", "{host: imap", f"{{dkim_keys: {keys}, host: imap")


def test_a_domains_key_is_given_as_its_record_or_in_a_file(folder: Path) -> None:
    (folder / "qingshi.txt").write_text(KEY + "\n", "utf-8")
    keys = f'{{{KEY_NAME}: qingshi.txt, s2._domainkey.b.cn: "{KEY}"}}'
    known = dict(load(with_keys(folder, keys)).office_value.dkim_keys)
    assert known == {KEY_NAME.lower(): KEY + "\n", "s2._domainkey.b.cn": KEY}


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        ("{qingshi.example.cn: x}", "应形如 选择符._domainkey.域名"),
        (f"{{{KEY_NAME}: missing.txt}}", "无法读取公钥文件"),
        (f"{{{KEY_NAME}: v=DKIM1; p=AAAA}}", "不是 DKIM 公钥记录"),
        (f"{{{KEY_NAME}: 5}}", "应为公钥记录"),
    ],
)
def test_a_key_that_is_none_is_told(folder: Path, keys: str, says: str) -> None:
    with pytest.raises(SettingsError, match=rf"office\.yaml: mailbox\.dkim_keys.*{says}"):
        load(with_keys(folder, keys))
