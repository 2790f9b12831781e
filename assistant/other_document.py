"""Another document or another year: questions about rules that this notice does not hold."""

import re

from corpus.notice import Notice
from corpus.text import fold, fold_aligned

NUMBER_OF_DOCUMENT = re.compile(
    r"([国省市区县陕京沪津渝粤川浙苏鲁豫鄂湘晋甘][\u4e00-\u9fff]{0,8})?"
    r"(?:[\u3014\[(\u3010\uff3b]\s?((?:19|20)\d\d)\s?[\u3015\])\u3011\uff3d]\s?|(?<=[发函令字])\s?((?:19|20)\d\d)"
    r"年?\s?)"
    r"第?\s?(\d{1,4})\s?号"
)
# 国务院的优化营商环境条例, 陕西省优化营商环境条例里: someone else's document as what is asked about.
_OTHER_ISSUER = re.compile(
    r"(?:国务院|国办|中央|省委|省政府|陕西省|省里|住建部|财政部)(?:(?!西安|这|本)[\w\u300a\u300b\u201c\u201d]){0,24}?"
    r"(?:条例|规定|办法|文件|方案|措施|意见|决定)"
    r"(?=[里中]?(?:对|关于|是?怎么|如何|有(?:几|哪|什么)|一共|总共|第|的内容|讲|说|里|规定|要求)|$)"
    r"|\b(?:state council|shaanxi(?:['\u2019]s)? provincial|provincial government of shaanxi"
    r"|shaanxi province)"
    r"(?:['\u2019]s)?\b(?:(?! this | the (?:notice|plan)\b)[\w' -]){0,60}?"
    r"\b(?:decree|circular|regulations?|plan|notice|measures|opinions?)\b",
    re.IGNORECASE,
)
_DOCUMENT_ZH = r"(?:政策|规划|方案|文件|通知|计划|条例|办法|规定|公告|细则|意见|版本|新政|路线图|蓝图)"
_DOCUMENT_EN = (
    r"(?:plans?|notices?|polic(?:y|ies)|circulars?|decrees?|documents?|regulations?|rules|roadmaps?"
    r"|strateg(?:y|ies)|programmes?|programs?|version|edition|guidelines?)"
)
# The year belongs to the document: 2019年的政策, 西安市2018年发的那份文件; but not
# 2019年拿的地按哪个政策, 2026年这个方案还有效吗.
_YEAR_OF_DOCUMENT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)\s?(?:年度?)(?![^,\uff0c]{0,4}(?:底|末|前|以前|之前|内)|\s?\d{1,2}\s?月)"
    r"(?:(?![我您你咱哪按这该本还仍已就签欠拖拿地]|开工|申请|适用|完成|到期|是不是|能不能|[,.;:?!\u3002\uff0c\uff1f\uff01\uff1b\uff1a]).)"
    rf"{{0,28}}?{_DOCUMENT_ZH}"
    rf"|(?<!by )(?<!before )(?<!until )(?<!\d)\b"
    rf"((?:19|20)\d\d)\b(?:'s)?(?: [\w'\u2019-]{{1,20}}){{0,3}}? {_DOCUMENT_EN}\b",
    re.IGNORECASE,
)
_DEADLINE = re.compile(r"年底|之前|以前|截止|\b(?:by|before|until|deadline|due)\b", re.IGNORECASE)


def other_document(text: str, own: frozenset[str]) -> str | None:
    """Return the document asked about, if it is not one of `own` (folded numbers)."""
    text = fold_aligned(text)
    found = list(NUMBER_OF_DOCUMENT.finditer(text))
    others = [match.group() for match in found if not _is_own(match, own)]
    if found:
        return others[0] if len(others) == len(found) else None
    issued = _OTHER_ISSUER.search(text)
    return issued.group().strip() if issued else None


def other_year(text: str, own: frozenset[int]) -> str | None:
    """Return the year of the document asked about, if it is not one of `own`; a deadline is none."""
    text = fold_aligned(text)
    years = [a or b for a, b in _YEAR_OF_DOCUMENT.findall(text)]
    if not years or any(int(year) in own for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)):
        return None
    return None if _DEADLINE.search(text) else years[0]


def _is_own(match: re.Match[str], own: frozenset[str]) -> bool:
    issuer, *years, number = match.groups()
    year = next(filter(None, years))
    return any(_same_number(fold(issuer or ""), fold(f"[{year}]{number}号"), document) for document in own)


def _same_number(issuer: str, number: str, document: str) -> bool:
    own_issuer = document.removesuffix(number)
    # 市政办发 for 市政办函: a slip that the answer puts right.
    return document.endswith(number) and (not issuer or issuer[0] == own_issuer[:1])


def years_of(notice: Notice) -> set[int]:
    """Return the years that are not another document's: of the deadlines, and of the notice itself."""
    due = {measure.deadline.due_on.year for measure in notice.measures}
    return due | set(range(min(due), notice.issued_on.year + 2))
