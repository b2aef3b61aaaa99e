"""Whether a text in a mail is a piece to publish, or only a letter to the editors."""

from __future__ import annotations

import re

from parsers.content import Block
from parsers.elements import Elements
from parsers.likeness import folded
from parsers.papers import is_dated

_SENTENCE = re.compile(r"[。！？!?；;\n]+")
_QUOTED = re.compile(r"“[^“”]{1,200}”")
"""What people say in an article is not said to the editors."""
_TO_THE_EDITORS = re.compile(
    r"您|你们|你好|编辑|请(查收|审阅|审核|审定|予以?|采用|发布|更新|登载|刊登|撤|删|改|问|知|收|以此|帮|协助|尽快|及时)|麻烦|谢谢|多谢|辛苦"
    r"|见附|附件[一二三四五六七八九十\d]?(已|是|为|中|请|里)|(文件|材料|附件|压缩包)已?(打包|加密|上传)|重新?发|再(次)?发|补(发|报)|重报|作废|发(错|漏)了?|漏(发|报)"
    r"|登不上|打电话|电话联系|随后(报送|发|补)|一并(报送|上传|发)|(现将|特将).{0,60}(报上|报送|呈报|报给|发给|上报)|(报送|上报|呈报).{0,20}(稿件|信息|材料|文件|通知).{0,10}[篇份条件]"
    r"|特此(说明|反馈|回复|告知|更正)|(应|更正|改|修改)为|笔误|未能(按时|及时)?报送|向您|截图|打不开|能否|可否|能不能|稿子|配图.{0,6}[在见已]|是否(可以|收到)|什么时候|怎么(办|没)|收到(了|没有|请)|按(要求|您|你)|密码|两版|(此|本)(件|稿)(请|为)|已(改|修改|补)(好|完|上)"
)
_PLEA = re.compile(
    r"我(是|家|们村|叫|想)|本人|恳请|求助|希望(领导|有关部门|政府|贵)|请(领导|有关部门)|举报|投诉|反映(的|一下|如下)"
)
_COVERS = re.compile(
    r"(报送|报上|上报|呈报|投稿|发来).{0,40}([一二两三四五六七八九十\d]\s*[篇条则份件]|如下|请|审阅|查收)"
    r"|[现特]将.{0,60}(报送|报上|呈报|上报|发给|发送|请(采用|查收|审))"
    r"|请.{0,6}(采用|审核|审阅|审定|查收|刊登|登载|斧正|指正|编辑)|(重新|再次|补充)报送|^以上(信息|稿件|内容).{0,10}请"
    r"|^(已审[核阅定]|同意|可以[报发]|请转)[^。]{0,20}。?$"
)
_LABEL = re.compile(r"^(今日|本周)?(信息|稿件|新闻|动态|正文|投稿)?(内容|报送|投稿|如下|正文)\s*[:：]$")
"""A line that only says that the piece follows."""
_DECREES = re.compile(r"(通知|公告|通报|公示|通告|公布|解读|介绍|报告)如下")
_CONTACT = re.compile(r"^(联系人|报送人|审核人|审签人|上报人)\s*[:：]")
_CLOSES = re.compile(
    r"^(此致|敬礼|致礼|祝好|顺颂|顺祝.{0,8}|祝(您|你|各位|工作|编安|商祺|安).{0,12}|谢谢.{0,6}|多谢.{0,4})[！!。.，,]?$"
)
_CLOSING_LINES = 6
_CARD = re.compile(r"^(办公)?(电话|手机|传真|地址|邮编|电子邮[箱件]|邮箱|e-?mail|tel|微信|qq|网址)\s*[:：]", re.I)
_CARD_LINES = 2
_SALUTES = re.compile(r"^.{1,24}[:：,，!！]$|^(您|你们?)好[!！。,，]?$")
_LOOKED_AT = 20_000
"""Characters: what a text is shows in its beginning."""
_LONGEST_COVER = 90
_ASKS = re.compile(r"请问|[？?]|吗[。！]?|怎么|为什么|为何|打不开|截图|截屏|报错|登录|无法|不能(用|上传|显示)")
_AS_LETTER = 0.45
_ENOUGH_ALONE = 25
_ENOUGH_BESIDE_FILES = 80
_ENOUGH_WITHOUT_HEADLINE = 32
_ENOUGH_AS_CAPTION = 8


def is_piece(blocks: tuple[Block, ...], elements: Elements, *, beside_files: bool, pictures: bool, known: bool) -> bool:
    """Whether the text is an article or document. `beside_files`: the mail brings documents, so that a text without a
    headline only speaks of them. `pictures`: it may be no more than their caption. `known`: a unit's address;
    strangers' letters (complaints, questions) are none."""
    text = "\n".join(block.text for block in blocks)[:_LOOKED_AT]
    length = len(folded(text))
    if elements.document_number and elements.title and length >= _ENOUGH_ALONE:
        return True
    if any(block.kind == "table" for block in blocks) and not beside_files and length >= _ENOUGH_ALONE:
        return True
    if is_dated(elements) and _has_headline(blocks) and not beside_files and length >= _ENOUGH_ALONE:
        return True
    if beside_files and not (length >= _ENOUGH_BESIDE_FILES and _has_headline(blocks)):
        return False
    plain = _ENOUGH_ALONE if _has_headline(blocks) else _ENOUGH_WITHOUT_HEADLINE
    enough = _ENOUGH_AS_CAPTION if pictures else plain
    return length >= enough and letter_share(text, strangers=not known) < _AS_LETTER


def _has_headline(blocks: tuple[Block, ...]) -> bool:
    """The text begins with a short line that is no sentence."""
    first = next((block.text.strip() for block in blocks if block.text.strip()), "")
    line = first.split("\n")[0]
    return 5 <= len(line) <= 60 and len(blocks) > 1 and not re.search(r"[。！？；，：:,;]\s*$", line)


def letter_share(text: str, *, strangers: bool = False) -> float:
    """The share of a text, by characters, in sentences that speak to the editors, 0 to 1."""
    spoken = _QUOTED.sub("“”", text[:_LOOKED_AT])
    sentences = [sentence.strip() for sentence in _SENTENCE.split(spoken) if sentence.strip()]
    total = sum(map(len, sentences))
    speaking = sum(len(one) for one in sentences if _speaks(one, strangers))
    return speaking / total if total else 1.0


def _speaks(sentence: str, strangers: bool) -> bool:
    return bool(_TO_THE_EDITORS.search(sentence) or (strangers and _PLEA.search(sentence)))


def without_covering(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The blocks without the lines before and after the piece that only hand it over ("现报送信息一篇，请采用。"),
    without a letter's closing words and the sender's card."""
    start, end = 0, _before_card(blocks, _before_closing(blocks))
    while start < end and (_covers(blocks[start]) or (start + 1 < end and _salutes(blocks[start], blocks[start + 1]))):
        start += 1
    while end > start and (_covers(blocks[end - 1]) or _CONTACT.match(blocks[end - 1].text.strip())):
        end -= 1
    return blocks[start:end]


def _before_closing(blocks: tuple[Block, ...]) -> int:
    """Where "此致敬礼" or "祝好" begins, with only short lines (a name, a unit) behind it; else the end."""
    for at in range(max(1, len(blocks) - _CLOSING_LINES), len(blocks)):
        if _CLOSES.match(blocks[at].text.strip()) and all(len(one.text) <= 40 for one in blocks[at:]):
            return at
    return len(blocks)


def _before_card(blocks: tuple[Block, ...], end: int) -> int:
    """Where two or more lines of a card (电话：, 地址：) begin at the end, with the line of the name above them."""
    start, lines = end, 0
    while start > 1 and (found := _card_lines(blocks[start - 1])):
        start, lines = start - 1, lines + found
    if lines < _CARD_LINES:
        return end
    above = blocks[start - 1].text.strip()
    return start - 1 if start > 1 and len(above) <= 30 and not re.search(r"[。！？：]", above) else start


def _card_lines(block: Block) -> int:
    """How many lines of a card the block has, but for the name that may stand on top; 0 where it has others."""
    lines = [line.strip() for line in block.text.split("\n") if line.strip()]
    found = sum(bool(_CARD.match(line)) for line in lines)
    return found if lines and found >= max(1, len(lines) - 1) else 0


def _covers(block: Block) -> bool:
    text = block.text.strip()
    if _LABEL.match(text):
        return True
    short = block.kind == "paragraph" and len(text) <= _LONGEST_COVER
    return short and bool(_COVERS.search(text)) and not _DECREES.search(text)


def _salutes(block: Block, following: Block) -> bool:
    return bool(_SALUTES.match(block.text.strip())) and (
        _covers(following) or bool(_SALUTES.match(following.text.strip()))
    )


def asks(text: str) -> bool:
    """Whether a letter asks something or reports trouble: what comes with it (a screenshot) is not for publishing."""
    return bool(
        re.search(r"请问|[？?]|吗[。！]?|怎么|为什么|为何|打不开|截图|截屏|报错|登录|无法|不能(用|上传|显示)", text)
    )


def mentions_attachment(text: str) -> bool:
    """Whether a letter says that something is attached."""
    return bool(
        re.search(
            r"附件|见附|附上|随信附|附后|查收(文件|材料|稿件)?|压缩包|扫描件|(文件|材料|稿件)(已)?(发|报|上传)", text
        )
    )
