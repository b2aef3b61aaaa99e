"""A file that was dropped into a document goes with it, whatever the file would be by itself."""

from __future__ import annotations

from email.message import EmailMessage

from parsers.message import parse_message
from parsers.readers import NoReaders
from tests.parsers.attachments.files import docx, p
from tests.parsers.mails import OFFICE


def _notice(number: int) -> str:
    lines = (
        f"清政发〔2026〕{number}号",
        f"清河镇人民政府关于做好第{number}阶段森林防火工作的通知",
        "各村民委员会：",
        "要把防火工作抓紧抓实，做到责任到人、措施到位，确保不发生火情。" * 3,
        "清河镇人民政府",
        "2026年3月5日",
    )
    return "".join(map(p, lines))


def test_a_document_inside_a_document_is_its_annex() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "qinghe@example.cn", "报送通知"
    mail.set_content("请查收。")
    related = {"e": ("package", "embeddings/Document.docx")}
    outer = docx(_notice(1), related, {"embeddings/Document.docx": docx(_notice(2))})
    mail.add_attachment(outer, maintype="application", subtype="octet-stream", filename="通知.docx")
    (draft,) = parse_message(mail.as_bytes(), OFFICE, None, NoReaders()).drafts
    assert draft.document_number == "清政发〔2026〕1号"
    assert [(file.name, file.role) for file in draft.attachments] == [("通知.docx", "main"), ("未命名1.docx", "annex")]
