"""An assistant that answers from a script, with quotations of the real notice."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Answer, Citation, Language, Status, Trace
from assistant.errors import UnusableQuestion
from assistant.record import Journal, new_answer_id
from assistant.review.desk import Desk
from corpus.notice import Notice
from corpus.passages import passages
from corpus.translations import load_titles, load_translation
from prompts.script import is_traditional

TODAY = date(2024, 10, 15)  # between the deadlines: some have passed, some have not
LED_BY_TWO = (9, 11, 17, 22, 23, 32, 33, 38)


class ScriptedAssistant:
    """Picks an ending by a word of the question; keeps what it was asked."""

    index_version = "scripted"

    def __init__(self, notice: Notice, *, delay_s: float = 0.0, desk: Desk | None = None) -> None:
        self.notices = (notice,)
        self.asked: list[tuple[str, tuple[str, ...], Language | None]] = []
        self.delay_s = delay_s
        self.desk = desk

    def today(self) -> date:
        return TODAY

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        self.asked.append((question, tuple(history), lang))
        lang = lang or ("zh-Hant" if is_traditional(question) else None)
        lang = lang or ("en" if question.isascii() and question.strip() else "zh")
        if not question.strip():
            raise UnusableQuestion("Please enter a question." if lang == "en" else "请输入问题。")
        if len(question) > 1000:
            raise UnusableQuestion("问题太长，请控制在1000个字以内。")
        time.sleep(self.delay_s)
        if "崩溃" in question:
            raise RuntimeError("scripted")
        return self._answer(question, lang)

    def _answer(self, question: str, lang: Language) -> Answer:
        for word, write in self._script().items():
            if word in question:
                return write(question, lang)
        return self._plain(Status.NOT_COVERED, "《通知》没有关于这件事的措施。", question, lang)

    def _script(self):
        return {
            "报装": self._utilities,
            "報裝": self._utilities,
            "utilities": self._utilities,
            "两个牵头": self._list,
            "多少钱": self._not_stated,
            "中介": self._clarify,
            "诗": lambda q, lang: self._plain(
                Status.DECLINED, "我只回答《通知》里的事情，不写诗。您可以换一个问题。", q, lang
            ),
            "出错": lambda q, lang: self._plain(
                Status.FAILED, "系统出了问题，这次没有查成。", q, lang, engine="quote"
            ),
            "总体要求": self._clause,
            "电话": lambda q, lang: self._plain(Status.DECLINED, "已遮盖。", "我的电话是[电话已遮盖]", lang),
            "攻击": lambda q, lang: self._plain(
                Status.NOT_COVERED,
                "<img src='http://evil.example/a.png'> ![x](http://evil.example/b.png) "
                "[点我](http://evil.example/c) http://evil.example/d",
                q,
                lang,
            ),
        }

    def _utilities(self, question: str, lang: Language) -> Answer:
        first = self.cite(1, "m06", "集中公布水电气网报装全程办理环节、时限、费用和服务承诺。", lang)
        second = self.cite(2, "m06", "实现水电气网等服务事项“一次申请、协同接入、一站服务、一口查询”。", lang)
        if lang == "en":
            text = (
                "**Measure 6** introduces integrated applications for utilities:\n\n"
                f"> {first.exact_en} [1]\n>\n> {first.exact} [1]\n\n"
                f"> {second.exact_en} [2]\n>\n> {second.exact} [2]\n\n"
                "Lead unit: 市行政审批局. Deadline as printed: 2024年10月底前."
            )
        else:
            text = (
                "**第6项** 推行市政公用服务集成报装，通知写的是：\n\n"
                f"> {first.exact} [1]\n\n> {second.exact} [2]\n\n"
                "牵头单位是 **市行政审批局**，完成时限是 **2024年10月底前**。"
            )
        follow_ups = (
            ("哪些单位负责报装？", "报装要多少钱？") if lang == "zh" else ("Who else is responsible?",)
        )
        return self._of(
            Status.ANSWERED,
            text,
            question,
            lang,
            citations=(first, second),
            related=("m15", "m23"),
            follow_ups=follow_ups,
        )

    def _list(self, question: str, lang: Language) -> Answer:
        notice = self.notices[0]
        found = [notice.measure(number) for number in LED_BY_TWO]
        citations = tuple(
            self.cite(place, f"m{m.number:02}", m.lead_line.of(notice.source), lang)
            for place, m in enumerate(found, start=1)
        )
        lines = [
            f"{place}. **第{m.number}项** {m.title}（{m.deadline.text}）[{place}]"
            for place, m in enumerate(found, start=1)
        ]
        text = "有两个牵头单位的措施共 **8** 项：\n\n" + "\n".join(lines)
        return self._of(Status.ANSWERED, text, question, lang, citations=citations, engine="records")

    def _not_stated(self, question: str, lang: Language) -> Answer:
        cited = self.cite(1, "m06", "集中公布水电气网报装全程办理环节、时限、费用和服务承诺。", lang)
        text = f"第6项讲的是这件事，但 **没有写明费用是多少**。通知写的是：\n\n> {cited.exact} [1]"
        return self._of(Status.NOT_STATED, text, question, lang, citations=(cited,), related=("m36",))

    def _clarify(self, question: str, lang: Language) -> Answer:
        choices = ("中介服务机构怎么选取？", "行政机关可以指定中介机构吗？", "中介服务有哪些收费限制？")
        text = "您说的“中介”可能指几件事，请选一个："
        return self._of(Status.CLARIFY, text, question, lang, follow_ups=choices)

    def _clause(self, question: str, lang: Language) -> Answer:
        cited = self.cite(1, "c1", "着力打造审批快、保障好、成本低、服务优、协同强的项目服务保障体系", lang)
        head = self.cite(2, "meta", "2024年4月12日", lang)
        text = f"> {cited.exact} [1]\n\n成文日期：2024年4月12日 [2]"
        return self._of(Status.ANSWERED, text, question, lang, citations=(cited, head), related=("c3.1",))

    def _plain(
        self, status: Status, text: str, question: str, lang: Language, *, engine: str = "quote"
    ) -> Answer:
        return self._of(status, text, question, lang, engine=engine)

    def _of(self, status: Status, text: str, question: str, lang: Language, **more) -> Answer:
        more["related"] = tuple(f"{self.notices[0].notice_id}#{key}" for key in more.get("related", ()))
        return Answer("answer-1", question, lang, status, text, **more)

    def cite(self, marker: int, key: str, exact: str, lang: Language = "zh") -> Citation:
        notice = self.notices[0]
        passage = next(p for p in passages(notice) if p.passage_id.endswith(f"#{key}"))
        number = passage.measure_number
        measure = notice.measure(number) if number else None
        start = notice.source.index(exact, passage.start)
        return Citation(
            marker=marker,
            passage_id=passage.passage_id,
            notice_id=notice.notice_id,
            document_number=notice.document_number,
            measure_number=number,
            measure_title=passage.title,
            title_en=load_titles(notice)[passage.passage_id],
            lead_units=tuple(unit.name for unit in measure.lead_units) if measure else (),
            deadline=measure.deadline.text if measure else None,
            exact=exact,
            exact_en=load_translation(notice).of_span(start, start + len(exact)) if lang == "en" else None,
            start=start,
            end=start + len(exact),
        )


class RecordedAssistant(ScriptedAssistant):
    """Keeps what it answered, as the real one does."""

    def __init__(self, notice: Notice, desk: Desk) -> None:
        super().__init__(notice, desk=desk)
        self.journal = Journal(desk.database)

    def ask(self, question: str, history: Sequence[str] = (), lang: Language | None = None) -> Answer:
        answer = replace(super().ask(question, history, lang), answer_id=new_answer_id())
        self.journal.record(Trace(answer), "p")
        return answer
