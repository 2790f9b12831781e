"""Judges the answers of a database in turn, for ever, and says which verdict was kept; it is to be killed.

`python judging.py ADDRESS NAME` prints "ready", then the comment of each verdict as soon as it is kept.
"""

import sys
from datetime import UTC, datetime
from itertools import count, cycle

from sqlalchemy import select

from assistant.database import Database
from assistant.database.tables import answers
from assistant.review.accounts import Account, Role
from assistant.review.verdicts import Judgement, Verdict, judge
from corpus import load_notices


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(address: str, name: str) -> None:
    database, notices = Database.by_address(address), load_notices()
    with database.reading() as connection:
        ids = connection.execute(select(answers.c.answer_id).order_by(answers.c.answer_id)).scalars().all()
    editor = Account(name, Role.EDITOR)
    say("ready")
    for number, answer_id in zip(count(), cycle(ids), strict=False):
        judgement = Judgement(Verdict.PARTLY, comment=f"{name}-{number}")
        now = datetime.now(UTC)
        judge(database, editor, answer_id, judgement, notices=notices, second_share=0.0, now=now)
        say(judgement.comment)


if __name__ == "__main__":
    run(*sys.argv[1:])
