"""From the bytes of a mail to its drafts. The mails of an invented county stand in tests/messages, with the answers."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from daemon.settings import load
from parsers.article import read_elements
from parsers.message import parse_message
from parsers.mime import topmost_received
from parsers.office import Office
from parsers.readers import NoReaders, OcrLine
from parsers.submission import Draft, Submission, as_json
from tests.parsers.attachments.cfb import ole
from tests.parsers.mails import OFFICE, raw

MESSAGES = Path(__file__).resolve().parent.parent / "messages"
TRUTH: list[dict[str, Any]] = json.loads((MESSAGES / "truth.json").read_text(encoding="utf-8"))


@cache
def office() -> Office:
    return load(MESSAGES / "config").office_value


def parse(data: bytes, of: Office | None = None) -> Submission:
    return parse_message(data, of or office(), topmost_received(data), NoReaders())


def read(file: str) -> Submission:
    return parse((MESSAGES / file).read_bytes())


def codes(thing: Draft | Submission) -> set[str]:
    return {found.code for found in thing.findings}


@pytest.mark.parametrize("truth", TRUTH, ids=[truth["file"] for truth in TRUTH])
def test_a_mail_becomes_the_drafts_that_an_editor_would_make(truth: dict[str, Any]) -> None:
    got = read(truth["file"])
    assert (got.kind, got.unit, got.unit_evidence) == (truth["kind"], truth["unit"], truth["unit_evidence"])
    assert [draft.title for draft in got.drafts] == [draft["title"] for draft in truth["drafts"]]
    assert set(truth.get("findings", [])) <= codes(got)
    for draft, wanted in zip(got.drafts, truth["drafts"], strict=True):
        check(draft, wanted)


def check(draft: Draft, wanted: dict[str, Any]) -> None:
    issued = draft.issued_on.isoformat() if draft.issued_on else None
    found = (draft.column, draft.document_number, issued)
    assert found == (wanted["column"], wanted["document_number"], wanted["issued_on"])
    listed = [[one.name, one.kind, one.role, one.status] for one in draft.attachments]
    assert listed == [list(one) for one in wanted["attachments"]]
    assert [words for words in wanted["contains"] if words not in draft.body_text] == []
    assert [words for words in wanted["excludes"] if words in draft.body_text + draft.body_html] == []
    assert codes(draft) == set(wanted.get("findings", []))


def test_every_byte_string_is_kept_once_under_its_hash() -> None:
    got = read("02-two-articles-photos-by-number.eml")
    kept = [blob.sha256 for blob in got.blobs]
    assert len(kept) == len(set(kept))
    assert all(hashlib.sha256(blob.data).hexdigest() == blob.sha256 for blob in got.blobs)
    assert {one.sha256 for draft in got.drafts for one in draft.attachments} <= set(kept)


def test_what_was_cut_from_around_an_article_can_be_seen() -> None:
    draft = read("15-note-before-the-article-in-the-body.eml").drafts[0]
    assert any("请审阅采用" in line for line in draft.cut)
    assert any("联系人：韩梅" in line for line in draft.cut)


def test_receipt_time_is_the_callers_and_may_be_unknown() -> None:
    data = (MESSAGES / "01-long-letter-with-document.eml").read_bytes()
    assert parse_message(data, office(), None, NoReaders()).received_at is None


def test_a_file_that_breaks_the_reading_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(blocks: Any, of: Office, **more: Any) -> Any:
        if more.get("file_name") in ("1.实施细则.docx", None):
            raise ZeroDivisionError
        return read_elements(blocks, of, **more)

    monkeypatch.setattr("parsers.candidates.read_elements", breaking)
    got = read("16-rules-their-interpretation-and-a-chart.eml")
    assert [draft.title for draft in got.drafts][1:] == ["《临溪县门诊慢特病保障实施细则》政策解读"]
    assert "attachment.damaged" in codes(got.drafts[0])
    assert "为规范门诊慢特病保障" in got.drafts[0].body_text


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 1000, b"From", "主题：没有头的文字".encode("gbk"), raw()[:60], raw(body="<" * 50_000)],
    ids=["nothing", "zeros", "one word", "no header", "cut off", "tags"],
)
def test_no_message_makes_it_raise(data: bytes) -> None:
    assert parse(data, OFFICE).kind in {"submission", "other"}


def test_an_advertisement_with_a_document_makes_no_draft() -> None:
    words = "关于举办写作培训班的通知\n各单位：\n名师授课，限时优惠，报名费1980元/人，可代开发票，点击退订。"
    got = parse(raw("培训中心 <px@example.net>", "培训通知", words), OFFICE)
    assert (got.kind, got.drafts) == ("other", ())
    assert "推销" in got.kind_reason


def test_a_list_mail_from_a_stranger_is_nothing_to_publish_and_never_answered() -> None:
    words = "行业动态\n本周全国农产品批发价格总体平稳，蔬菜价格小幅回落，肉类价格基本持平，水产品略有上涨。"
    got = parse(raw("资讯 <news@example.net>", "行业动态", words, List_Id="<n.example.net>"), OFFICE)
    assert (got.kind, got.drafts) == ("other", ())
    assert got.unanswerable


def test_a_strangers_own_words_that_name_no_unit_are_nothing_to_publish() -> None:
    words = "春到人间\n三月的田野里，油菜花开得正旺，放眼望去一片金黄，吸引了远近的人们前来踏青赏花。"
    assert parse(raw("诗人 <poet@example.net>", "投稿", words), OFFICE).kind == "other"
    named = parse(raw("诗人 <poet@example.net>", "投稿", words + "（青石镇 李雷）"), OFFICE)
    assert (named.kind, named.unit, named.unit_evidence) == ("submission", "青石镇人民政府", "document")


def test_a_mail_that_strings_articles_together_makes_a_draft_of_each() -> None:
    item = "石桥镇举办{}活动\n\n　　3月{}日，石桥镇在文化广场举办{}活动，吸引五百余名群众到场参加，现场气氛热烈。\n\n"
    words = "编辑老师：\n报送信息两条，请采用。\n\n" + item.format("灯会", 9, "灯会") + item.format("义诊", 10, "义诊")
    got = parse(raw("石桥镇 <shiqiao_dzb@163.com>", "信息两条", words))
    assert [draft.title for draft in got.drafts] == ["石桥镇举办灯会活动", "石桥镇举办义诊活动"]
    assert "义诊" not in got.drafts[0].body_text
    assert "请采用" not in got.drafts[0].body_text


def test_an_answer_that_only_supplies_what_was_missing_is_no_draft() -> None:
    words = "该文件成文日期为2026年4月10日，发文字号为石政发〔2026〕17号，公开属性为主动公开，供稿人为我镇党政办公室。"
    subject = "回复：【临溪县政府网】退回修改 2026-000045：通知"
    got = parse(raw("石桥镇 <shiqiao_dzb@163.com>", subject, words))
    assert (got.kind, got.drafts) == ("reply", ())


@pytest.mark.parametrize("told", ["解压密码：lx@2026", "密码是lx@2026，请查收", "密码 lx@2026"])
def test_a_password_that_the_mail_tells_opens_the_archive(told: str, tmp_path: Path) -> None:
    words = "石桥镇人民政府关于封路的公告\n因桥梁检修，自3月12日起封路。\n石桥镇人民政府\n2026年3月9日"
    (tmp_path / "公告.txt").write_text(words, encoding="utf-8")
    subprocess.run(
        ["7z", "a", "-tzip", "-plx@2026", "a.zip", "公告.txt"], cwd=tmp_path, check=True, capture_output=True
    )
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "shiqiao_dzb@163.com", "公告"
    mail.set_content(f"文件已加密，{told}")
    mail.add_attachment((tmp_path / "a.zip").read_bytes(), "application", "zip", filename="a.zip")
    draft = parse(mail.as_bytes()).drafts[0]
    assert (draft.title, [one.status for one in draft.attachments]) == ("石桥镇人民政府关于封路的公告", ["read"])


LISTING = """石桥镇人民政府关于修路的通知
石政发〔2026〕8号
各村民委员会：
为方便群众出行，决定修缮镇区道路，请各村配合。
附件：施工路段一览表
石桥镇人民政府
2026年3月9日
"""


@pytest.mark.parametrize(("more", "missing"), [("", True), ("附件\n施工路段一览表\n东街、西街", False)])
def test_an_annex_that_the_document_lists_and_nobody_sent_is_asked_for(more: str, missing: bool) -> None:
    got = parse(raw("石桥镇 <shiqiao_dzb@163.com>", "修路", LISTING + more))
    assert ("message.attachment_missing" in codes(got.drafts[0])) is missing


class Eyes(NoReaders):
    """Reads the same page of text off every picture."""

    def ocr(self, picture: bytes) -> list[OcrLine]:
        lines = (
            "石桥镇人民政府",
            "关于开展道路安全整治的通知",
            "石政发〔2026〕6号",
            "各村民委员会：",
            "为预防交通事故，决定开展道路安全整治，现将有关事项通知如下，请各村认真组织实施。",
            "石桥镇人民政府",
            "2026年3月9日",
        )
        return [
            OcrLine(text, (100, 60 * at, 100 + 20 * len(text), 60 * at + 30), 0.99) for at, text in enumerate(lines)
        ]


def photographed(readers: NoReaders, words: str = "扫描件请查收。") -> Submission:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "shiqiao_dzb@163.com", "道路安全整治的通知"
    mail.set_content(words)
    page = io.BytesIO()
    Image.new("L", (827, 1169), 255).save(page, "JPEG")
    mail.add_attachment(page.getvalue(), "image", "jpeg", filename="扫描1.jpg")
    return parse_message(mail.as_bytes(), office(), None, readers)


def test_a_photographed_document_is_read_where_the_machine_can() -> None:
    draft = photographed(Eyes()).drafts[0]
    assert (draft.document_number, str(draft.issued_on)) == ("石政发〔2026〕6号", "2026-03-09")
    assert [(one.role, one.status) for one in draft.attachments] == [("main", "scanned")]
    assert not draft.issued_on_certain


def test_pictures_alone_are_a_picture_story_where_it_cannot() -> None:
    draft = photographed(NoReaders()).drafts[0]
    assert (draft.title, [one.role for one in draft.attachments]) == ("道路安全整治的通知", ["picture"])


def test_a_screenshot_with_a_question_is_nothing_to_publish() -> None:
    got = photographed(NoReaders(), "老师，我镇的通知在网站上打不开了，见截图。")
    assert (got.kind, got.drafts) == ("other", ())


def test_the_same_mail_gives_the_same_answer_in_every_process() -> None:
    script = (
        "import sys; from tests.parsers.test_message import TRUTH, read; from parsers.submission import as_json; "
        "import json, hashlib; out = [json.dumps(as_json(read(t['file']), t['file'])) for t in TRUTH]; "
        "sys.stdout.write(hashlib.sha256('\\n'.join(out).encode()).hexdigest())"
    )

    def run(**environment: str) -> str:
        env = {**os.environ, **environment}
        command = [sys.executable, "-c", script]
        home = MESSAGES.parent.parent
        return subprocess.run(command, cwd=home, env=env, capture_output=True, text=True, check=True).stdout

    first = run(PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C.UTF-8")
    assert first == run(PYTHONHASHSEED="77", TZ="America/New_York", LC_ALL="C")


def test_columns_under_other_names_give_the_same_drafts_under_those_names() -> None:
    renamed = replace(office(), columns=tuple(replace(one, name=f"栏{one.name}") for one in office().columns))
    for truth in TRUTH:
        data = (MESSAGES / truth["file"]).read_bytes()
        here = [(one.title, one.column and f"栏{one.column}", one.confidence) for one in parse(data).drafts]
        assert [(one.title, one.column, one.confidence) for one in parse(data, renamed).drafts] == here


def test_json_has_the_shape_of_the_contract() -> None:
    shown = as_json(read("01-long-letter-with-document.eml"), "-")
    assert shown["received_at"] == datetime.fromisoformat("2026-03-10T09:30:00+08:00").isoformat()
    assert set(shown["drafts"][0]["attachments"][0]) == {"name", "kind", "bytes", "sha256", "role", "status"}


def sent_as(name: str, data: bytes, words: str = "") -> Submission:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "shiqiao_dzb@163.com", "转发：修路"
    mail.set_content(words)
    mail.add_attachment(data, "application", "octet-stream", filename=name)
    return parse(mail.as_bytes())


def test_the_text_of_an_outlook_message_that_came_as_a_file_is_the_article() -> None:
    words = "石桥镇修路忙\r\n\r\n3月9日，石桥镇组织村民修缮镇区道路，铺设沥青3公里，方便群众出行，受到大家欢迎。"
    unicode = {"0037001F": "修路", "1000001F": words}
    message = ole({f"__substg1.0_{key}": text.encode("utf-16-le") for key, text in unicode.items()})
    draft = sent_as("修路.msg", message).drafts[0]
    assert (draft.title, draft.attachments) == ("石桥镇修路忙", ())
    assert "铺设沥青3公里" in draft.body_text
