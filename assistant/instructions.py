"""Instructions to the assistant that ride on a question: found clause by clause, and left out of the search.

All patterns speak of the assistant, its rules or its citations, or alter the
notice: a complaint that an office ignores the rules is a question. Each is
bounded, so that a flood of its own words takes no longer than other text.
"""

import re
from typing import NamedTuple


class Turn(NamedTuple):
    """One turn, cleaned and masked: whole, and without the instructions that ride on it."""

    text: str
    asked: str  # "" where nothing but instructions was there


_CLAUSE_END = re.compile(
    r"([\u3002\uff0c\uff01\uff1f\uff1b\uff1a,!?;:\n\u2026\u2014]+|\.(?=\s|$)"
    r"|(?=另外|顺便|并且|然后|告诉我|请问|我想问)"
    r"|(?<=\S)\s(?=(?:and then|then|also|p\.s\.|and also)\s)"
    r"|(?<=\S)\s(?=and (?:tell|answer|explain|give|show|say|what|how|who|where|when|is|are|can|do|does"
    r"|write)\b))",
    re.IGNORECASE,
)
_MINE = r"(?:你|您|妳)们?"
_RULES = r"(?:规则|规矩|设定|指令|守则|人设|约束|约定|宪法|提示)"
_EARLIER = r"(?:以上|之前|前面|上面|先前|从前|此前|前文|前述)"
_INSTRUCTS_ZH = re.compile(
    # 忽略以上规则; but not 无视规定乱收费的单位
    rf"(?:忽略|无视|無視|忘记|忘掉|忘了|抛开|违背|丢开|不[用要必]?(?:再)?(?:守|遵守|理会)|别(?:再)?(?:管|理会|遵守))"
    rf"[^\n]{{0,8}}?(?:{_RULES}|{_MINE}的?(?:一切|身份|那套)|{_EARLIER}的?(?:一切|所有|全部|内容|话|要求|限制|文)|(?:所有|一切)(?:规定"
    rf"|限制|要求))"
    rf"|(?:跳过|绕过|违反|打破|解除|取消|关闭|关掉|删除|删掉|清空|卸载|作废|换掉|不[用要必])[^\n]{{0,3}}{_MINE}[^\n]{{0,6}}?"
    rf"(?:{_RULES}|规定|限制|检查|过滤|身份|角色)"
    rf"|(?:解除|取消|突破|关闭|去掉|关掉)[^\n]{{0,6}}?(?:内容过滤|拒答|{_MINE}的限制|所有限制$|引用功能|限制都关)|把{_MINE}的?(?:限制|规则|身份)"
    rf"|{_MINE}(?:现在|从现在|今后)?(?:是|叫|变成|来当|就是)(?:一[只个位名台]|dan\b|没有|不受|我的|翻译机|无)"
    rf"|{_MINE}(?:现在|已)(?:是|被重置|切换|进入|变)|(?:^|{_MINE}|请|来|另外|让我们?)(?:假装|扮演(?!什么|啥|何|怎样|哪))|角色扮演"
    r"|从(?:现在|这一刻|今天|此刻|今)(?:起|开始)(?=$|[^\n]{0,6}(?:你|每|只|都|相信|叫))|(?:以后|今后)(?:凡是|无论|都叫|不论|每)|接下来每"
    r"|越狱|开发者模式|自由模式|专家模式|无审核|上帝模式|无限制(?:助手|的?机器人|的?ai)|ai对话"
    rf"|提示词|系统提示|系统设定|系统密钥|开场设定|(?:初始|原始|内部|隐藏)(?:的)?(?:说明|设定|设置|规则|内容|指令|提示)|底层代码"
    rf"|{_MINE}的?(?:全部|所有|一切|内部|原始|初始|隐藏|防护)*(?:{_RULES}|禁令|守则|秘密|配置|上下文|初始|防护规则|知识库)"
    rf"|{_MINE}收到的|{_MINE}(?:能看到的上下文|上面那段|开机)|连接密码|后台日志|配置参数|聊天记录调|全部变量|文件目录|变量的值"
    r"|(?:不要|别|不用|不必|不许|别老是?)(?:再)?(?:引用|标注|核对|查文件|附原文)|不查文件|凭感觉|(?:来源|出处)全部删"
    r"|只(?:准|许|能|会|要)?(?:用[^\n]{1,6})?(?:回答|回复|回一个字|输出)|(?:请|先)?(?:回复|回答|回|说)一?句?[\u201c\"'\u300c](?:好的|是"
    r"|行|ok|已|收到|明白|去)"
    r"|先(?:回|骂|说)一句|跳出文件|自由发挥|那份是假的|(?:请|帮我|给我|^你|用最.{1,2}话)骂|破个例|互换身份|正式指令|每(?:句话|个答案)|记住了吗|长期记忆|跟着我念"
    r"|重复输出|续写|新的?(?:指令|身份|人设|宪法)|执行命令|超级用户|指令优先级"
    r"|(?:据|根据|按照?|以下[为是])[^\n]{0,6}(?:最新|刚刚|今早|补充|昨天)[^\n]{0,10}(?:通知|新闻|公告|文件|消息|版本)$"
    r"|(?:通知|文件|方案|政策|函\S{0,12}号)[^\n]{0,8}(?:已经?被?|被)(?:废止|撤销|撤回|作废|失效|取消)(?!了?吗|没|的[^\n]{0,12}(?:吗|怎|谁))"
    r"|(?:撤回|撤销|废止)了?(?:这份|本|该)(?:方案|通知|文件)|假[设定如装][^\n]{0,6}(?:通知|文件|方案|政策|牵头|你|有一个没有)"
    r"|(?:牵头|责任|负责)(?:单位|部门)?[^\n]{0,4}?(?:已经?|全|都)+(?:改|换|变更|调整)(?:成|为|到|由|了)"
    r"|^(?:请|帮我|给我|麻烦|你)*(?:在回答里)?(?:伪造|仿一?[封份张]|编一?[个段]|生成一[张份]|做一份)[^\n]{0,16}(?:批复|许可证|公章|落款|亲笔信|条款|原文|答案)"
    r"|黑进|病毒代码|恶意代码|base64|rot13|摩斯|二进制留言|unicode指令|编码[^\n]{0,4}按里面|解码并|倒着读",
    re.IGNORECASE,
)
_TARGET_EN = (
    r"(?:instructions?|rules?|prompts?|guidelines?|prior text|previous (?:text|messages?)|defaults|script"
    r"|persona|brief"
    r"|programming|setup|guard(?:rails)?|restrictions|filters|policy|everything (?:above|before)|above)\b"
)
_INSTRUCTS_EN = re.compile(
    r"^\W*(?:(?:please|and|also|now|then|just|ok|so|first|p\.s\.) ){0,3}"
    r"(?:ignore|disregard|forget|override|bypass|skip|drop|break|set (?:aside|your)"
    r"|discard)\b(?: [\w'-]{1,12}){0,5}? "
    + _TARGET_EN
    + r"|\b(?:ignore|disregard|forget|without|override|skip|invent|bypass) (?:all )?(?:of )?(?:your"
    r"|previous|prior) (?:\w{1,12} ){0,2}?"
    + _TARGET_EN
    + r"|\bset your \w{1,12} aside|\byou are (?:now|uncensored|an actor|my)\b|\byou have no restrictions"
    r"|^\W*(?:then |please |now )?act (?:as|like)\b|^\W*(?:please |let's )?pretend\b|\brole-?play"
    r"|\bbe a pirate|\bpirate speech"
    r"|\b(?:developer|god|dan) mode\b|\bjailbr(?:eak|oken)\w*\b(?!\?)|^\W*from (?:now|here) on\b"
    r""
    r"|\b(?:system|hidden|secret|internal|training) (?:prompts?|rules?|instructions?|messages?|preamble"
    r"|annex|keys?)\b"
    r"|\b(?:your|the) (?:\w{1,12} )?(?:prompts?|system message|configuration|preamble|guardrails|filters"
    r"|initial instructions"
    r"|confidential instructions)\b"
    r"|\b(?:print|reveal|show|leak|list|repeat|paste|dump|output|summari[sz]e|encode)\b.{0,24}\b(?:your"
    r"|hidden|above)\b.{0,16}?"
    r"\b(?:rules?|instructions?|line|guidelines|variables|config\w*)\b"
    r"|\brepeat (?:after me|everything above|that as)|\bsay it with me|\bdo anything now\b"
    r"|^\W*(?:please )?(?:reply|respond|answer|output) (?:only|nothing but|every|in (?:pirate|xml))"
    r"|\bdrop the citations"
    r"|\bstop (?:showing|citing|quoting)\b|\bcitations are now\b|\binvent facts\b|\bsay [\"\u201c](?:yes"
    r"|accepted|unlocked)"
    r"|\b(?:notice|document|plan|policy|copy)\b.{0,16}\b(?:has been|was|is) (?:repealed|amended|withdrawn"
    r"|cancelled|revoked|abolished"
    r"|replaced|outdated)\b|\bcounterfeit (?:\w{1,12} )?(?:permit|letter|document)|\bmalware|\bphishing"
    r"|\bfake (?:government|press)"
    r"|\bofficial-looking|\badmin password|\bchat history|\bother users\b|\bpwned\b|\bexecute the following"
    r"|\bdecode (?:this|and)|\brot13|\bread backwards|\bmorse\b|\b(?:hulue|tishici)\b"
    r"|\byour (?:real job|creator|server)\b|\broot clearance|\b(?:each|every) (?:future )?(?:reply"
    r"|question) with\b|\bconfidential instructions|\bsafety layer|\badmin console|\blet's swap",
    re.IGNORECASE,
)
# What no question holds: chat templates, code, encoded words.
_MACHINE = re.compile(
    r"<\|[a-z_]{1,16}\|>|\[/?INST\]|<<SYS>>|</?(?:system|user|assistant)>|[\"']role[\"']\s?:|<script"
    r"|\bDROP TABLE\b|\bOR 1=1"
    r"|/etc/passwd|\bls -la|(?:\\u[0-9a-fA-F]{4}){2}|(?:[01]{8} ?){2}|(?:[.-]{1,5} ){4}|\{\{.{1,20}?\}\}"
)
_LONG_WORD = re.compile(r"[A-Za-z0-9+/]{14,}={0,2}")
# "system:" and the like, whole clauses.
_BLOCK = re.compile(
    r"[\W_]*(?:system|developer|assistant|admin|系统(?:公告|消息)?|开发者(?:消息)?"
    r"|管理员|新指令|tool output|工具返回结果)[\W_]*",
    re.IGNORECASE,
)
# Asides that hurt nothing where they stand alone.
_ASIDE = re.compile(
    r"^\W*(?:请|再|还有?|另外|顺便|然后)*(?:(?:答|说|回答|念)完|(?:给我|帮我|教我|陪我)(?:再)?(?:写|唱|讲|编|骂))"
    r"|^\W*(?:(?:and|then|also|please) ){0,2}(?:write|tell|sing) me an? (?:haiku|joke|poem|song|story)",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(
    r"^[\s,.:;\uff0c\uff1a\uff1b\u3002]*(?:and\s)?|[\s,:;\uff0c\uff1a\uff1b]+$", re.IGNORECASE
)
_SPACED_HAN = re.compile(r"(?:[\u3400-\u9fff][ /\u2605*_\u00b7|.+~-]{1,3}){3,}[\u3400-\u9fff]")
_SPACED_LATIN = re.compile(r"(?<![A-Za-z])(?:[A-Za-z][ .*_-]{1,2}){7,}[A-Za-z](?![A-Za-z])")
_BETWEEN = re.compile(r"[ /\u2605*_\u00b7|.+~-]+")

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")
_ASKS = re.compile(
    r"[吗呢么谁哪啥咋几]|怎样|如何|多[久少长]|是否|有没有|[\u4e00-\u9fff]不[\u4e00-\u9fff]|没有\W*$|什么|何时|介绍|列出|列举|说说"
    r"|想知道|查一?下|^请?把.{2,20}给我|\?"
    r"|(?:^|[,;:.!] ?)(?:(?:and|so|then|please|also) ){0,2}(?:who|what|which|when|where|why|how|is|are|do"
    r"|does|did|can|could|may"
    r"|must|will|would|should|has|have|list|explain|show me|tell me)\b",
    re.IGNORECASE,
)
_YOU = re.compile(r"你(?!们|好)|妳|\byou\b|^[说给]", re.IGNORECASE)
_ONLY_AGREES = re.compile(
    r"(?:对|是|好|行|懂|明白|真|可以)(?:吗|吧|的吗|了吗|不对|不是)|understood|right|ok", re.IGNORECASE
)


def turn_of(text: str) -> Turn:
    """Return a turn with what is asked in it. Line ends part clauses as full stops do."""
    spaceless = " ".join(text.split())
    kept, dropped, asides = _sorted_clauses(text)
    if not dropped and not (asides and _is_question(kept)):
        return Turn(spaceless, spaceless)
    if dropped and not _is_question(kept):
        return Turn(spaceless, "")
    return Turn(spaceless, kept)


def _sorted_clauses(text: str) -> tuple[str, int, int]:
    """Return the clauses that instruct nobody, joined; how many do; how many are asides."""
    pieces = [*_CLAUSE_END.split(_despaced(text)), ""]
    kept: list[str] = []
    dropped = asides = 0
    for clause, end in zip(pieces[::2], pieces[1::2], strict=True):
        if _instructs(clause, end):
            dropped += 1
        elif _ASIDE.search(clause):
            asides += 1
        else:
            kept += [clause, end]
    remainder = " ".join("".join(kept).split())
    return _LEFT_OVER.sub("", remainder) if dropped or asides else remainder, dropped, asides


def _instructs(clause: str, end: str) -> bool:
    if _BLOCK.fullmatch(clause):
        return bool(end) and end[0] in ":\uff1a\n"
    if _HAN.search(clause) and _INSTRUCTS_ZH.search(clause):
        return True
    if _MACHINE.search(clause) or any(map(_is_encoded, _LONG_WORD.findall(clause))):
        return True
    return bool(_LATIN.search(clause) and _INSTRUCTS_EN.search(clause))


def _is_encoded(word: str) -> bool:
    """Return whether a word looks like base64: padded, or small and capital letters and digits mixed."""
    kinds = (str.islower, str.isupper, str.isdigit)
    return word.endswith("=") or (len(word) >= 16 and all(any(map(kind, word)) for kind in kinds))


def _is_question(text: str) -> bool:
    """Return whether enough is left to search for: words that ask, or a long description."""
    han, latin = len(_HAN.findall(text)), len(_LATIN.findall(text))
    if _ONLY_AGREES.fullmatch(text.strip(" ,.?!\uff0c\u3002\uff1f\uff01")):
        return False
    if _ASKS.search(text) and not re.search("[你妳](?!们|好)", text):
        return han >= 4 or latin >= 3
    return (han >= 16 or latin >= 12) and not _YOU.search(text)


def _despaced(text: str) -> str:
    """Close up letters that were spaced out to be overlooked: 忽 略 规 则, i g n o r e."""
    text = _SPACED_HAN.sub(lambda run: _BETWEEN.sub("", run.group()), text)
    return _SPACED_LATIN.sub(lambda run: f"ignore your rules {_BETWEEN.sub('', run.group())}", text)
