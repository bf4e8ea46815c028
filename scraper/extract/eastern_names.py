"""Whose names does a byline in Chinese, Japanese or Korean hold? Names there have no capitals, and what somebody is stands glued to them.

Only what could be a name or a house is told from roles, places and kinds of report; whether it is one is decided in `names`.
"""

# ruff: noqa: PLR2004 - counts of letters stand where they are explained

import re
from collections.abc import Iterator

__all__ = ["EASTERN", "eastern_pieces", "is_eastern_name", "signed"]

EASTERN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
MAX_HAN = 6
LATIN = re.compile(r"[A-Za-z]{2}")
# Between names, roles and places. A middle dot parts names of Han letters or Hangul, and belongs to names in katakana.
BREAK = re.compile(r"[,、،，;；:：/／|｜│ㅣ&＆()（）【】〔〕\[\]〈〉＜＞<>=＝\n]+|(?<![\u30a0-\u30ff])[·・•‧](?![\u30a0-\u30ff])")
KATAKANA = re.compile(r"[\u30a0-\u30ff]+\Z")
HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}\Z")
HANGUL = re.compile(r"[\uac00-\ud7af]")
# What a reporter is called, before the name in Chinese, before or behind it in Japanese.
REPORTER = re.compile(r"记者|記者|通讯员|通訊員|特派员|特派員|编译|編譯|主筆|撰稿人?")
ROLE = re.compile(
    r"(?:編集委員|論説委員|論説副主幹|客員編集委員|専門記者|支局長|总编辑|總編輯|主编|主編|编辑|編輯|责编|責編|責任編輯|责任编辑|作者|撰文|文字|聞き手|取材|執筆|"
    r"構成|筆者|実習生|实习生|实习|實習|特约|特約|专栏作家|專欄作家|文)\Z"
)
TAIL = re.compile(r"(?<=[\u3400-\u9fff]{2})(?:さん|氏|編集委員|論説委員|支局長)\Z")
KOREAN_ROLE = re.compile(
    r"(?P<name>[\uac00-\ud7af]{2,4}?)?\s?(?:선임|수습|인턴|전문|객원|시민|대학생)?\s?"
    r"(?:기자|특파원|논설위원|논설실장|편집위원|에디터|칼럼니스트|앵커|리포터|통신원)(?:\s?외\s?\d+\s?명)?"
)
KOREAN_LINE = re.compile(
    r"[\uac00-\ud7af]{2,4}\s?(?:선임|수습|인턴|전문|객원)?\s?(?:기자|특파원|논설위원|칼럼니스트)(?:\s?외\s?\d+\s?명)?(?:\s+\S+@\S+)?\s*\Z"
)
# Given before a name: who wrote, not whose text it is.
KOREAN_LEAD = re.compile(r"\A(?:글|사진|글사진|취재|정리|작성자|기자)\s+")
SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용"
)
CHINESE_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林高罗羅郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖萧蕭田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒"
    "熊白孟秦邱侯江尹薛闫雷段龙龍黎史贺賀陶毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯赖賴施洪游詹焦"
)
# Ends of what no person is called: kinds of report, desks, papers, offices.
HOUSE = re.compile(
    r"(?:報導|报道|報道|電|电|讯|訊|摄|攝|撮影|提供|編集部|編輯部|编辑部|取材班|報道部|社会部|新聞|新闻|日报|日報|晚报|晚報|時報|时报|週刊|周刊|報|报|电视台|電視台|媒体|媒體|電子版|テレビ|チーム|ドットコム|通信|通讯社|通訊社|オンライン|デジタル|ニュース|"
    r"コラム|新聞社|網|网|放送|局|社|班|팀|부|뉴스|일보|신문|방송|닷컴|데스크|센터|편집국|온라인|디지털|저널|타임스|경제|매거진)\Z"
)
NOT_A_REPORTERS_NAME = re.compile(r"(?:本报|本報|本刊|本社|本网|本網|\S*(?:报|報|社|网|網|台|刊))\Z")


def eastern_pieces(text: str) -> Iterator[str]:
    """Give what may be a name each, without roles, places and kinds of report, in a text that `EASTERN` finds letters in."""
    if LATIN.search(text):
        yield from (piece for part in BREAK.split(text) if (piece := part.strip()))
    elif HANGUL.search(text):
        yield from _korean(text)
    else:
        for part in BREAK.split(text):
            yield from _han(part.split())


def signed(text: str) -> bool:
    """Say whether a line ends as Korean bylines do: "Hong Gildong, reporter"."""
    return not text.isascii() and KOREAN_LINE.search(text) is not None


def is_eastern_name(name: str, *, lone: bool) -> bool:
    """Say whether a piece may be a person. Unless `lone`, as where a place is meant for names, only what begins with a known surname is."""
    if HOUSE.search(name):
        return False
    if LATIN.search(name):
        return True
    if len(name) > MAX_HAN and " " not in name and not KATAKANA.match(name):
        return False
    if lone:
        return True
    if HANGUL.search(name):
        return 2 <= len(name) <= 4 and name[0] in SURNAMES
    if KATAKANA.match(name):
        return "・" in name
    return len(name) <= 3 and name[0] in CHINESE_SURNAMES


def _korean(text: str) -> Iterator[str]:
    text = KOREAN_LEAD.sub("", text)
    if KOREAN_ROLE.search(text) is None:
        for part in BREAK.split(text):
            tokens = part.split()
            # Several names of the usual three syllables are several people; other words stay together.
            several = len(tokens) > 1 and all(len(token) == 3 and token[0] in SURNAMES for token in tokens)
            yield from (token for token in (tokens if several else [" ".join(tokens)]) if token)
        return
    for part in BREAK.split(KOREAN_ROLE.sub(lambda match: f"{match['name'] or ''}\n", text)):
        tokens = part.split()
        # A place may stand before the name: "Suncheon Hong Gildong, reporter".
        if tokens and (HOUSE.search(tokens[-1]) or (2 <= len(tokens[-1]) <= 4 and tokens[-1][0] in SURNAMES)):
            yield tokens[-1]


def _han(tokens: list[str]) -> Iterator[str]:
    kept: list[str] = []
    for token in tokens:
        match = REPORTER.search(token)
        if match is None:
            kept.append("" if ROLE.match(token) else TAIL.sub("", token))
            continue
        before, after = token[: match.start()], token[match.end() :]
        if HAN_NAME.match(after):
            kept.append(after)
        elif not after and before:
            # "Yamada Taro, reporter"; before a Chinese name it is the house that she works for.
            kept.append("" if NOT_A_REPORTERS_NAME.match(before) and len(tokens) > 1 else before)
    kept = [token for token in kept if token]
    if len(kept) > 1 and all(HAN_NAME.match(token) and token[0] in CHINESE_SURNAMES for token in kept):
        yield from kept
    elif kept:
        yield " ".join(kept)
