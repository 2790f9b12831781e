"""What a question for a list leaves out: 除了…的, 把…刨掉, other than …; read as conditions of its own."""

import re

_ZH = re.compile(
    r"(?:除(?:了|去|开|掉)?|刨(?:掉|去|除|开)|去掉|扣(?:除|掉)|剔(?:除|掉)|排除|撇开|抛开|不算|不要|减去)"
    r"(?P<after>[^,\uff0c\u3002;\uff1b?\uff1f]{2,24}?)(?:(?:以外|之外|外)的?|的|者)(?=[,\uff0c\u3002;?\uff1f还其哪剩有\s]|$)"
    r"|[把将](?P<taken>[^,\uff0c\u3002;\uff1b?\uff1f]{2,24}?)的?(?:刨掉|刨去|去掉|扣掉|扣除|排除|剔除|划掉|除掉|除外|撇开|拿掉|排开)"
    r"|(?:^|[,\uff0c\u3002;\uff1b])(?:但是?|不过|可)?(?P<had>[^,\uff0c\u3002;\uff1b?\uff1f]{2,24}?)的?"
    r"(?:我?(?:已经)?有了|除外|不算|不要|就?不用(?:列|给)?了)(?=[,\uff0c\u3002;?\uff1f]|$)"
    r"|(?P<not>(?:时限|期限|完成时间)?(?:并非|并?不是|不在)20\d\d年(?:\d{1,2}月)?底?前?)"
)
_EN = re.compile(
    r"\b(?:except(?: for)?|excluding|other than|leav(?:e|ing) out|drop(?:ping)?|but not|apart from|aside from"
    r"|minus|skip(?:ping)?|omit(?:ting)?|not counting)\s+(?P<after>[^,;.?!]{3,60})",
    re.IGNORECASE,
)
_NOT = re.compile(r"并非|并?不是|不在")


def without_exclusion(text: str) -> tuple[str, str]:
    """Return a question without what it leaves out, and that; ("", "") where it leaves nothing out."""
    match = _ZH.search(text) or _EN.search(text)
    if match is None:
        return "", ""
    left_out = _NOT.sub("", next(filter(None, match.groupdict().values())))
    return f"{text[: match.start()]} {text[match.end() :]}", left_out
