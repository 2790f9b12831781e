"""Checking: queue, feedback, verdicts, accounts, approvals, cases, audit; old answers join the queue."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_tables()
    op.bulk_insert(
        sa.table("audit_head", sa.column("id"), sa.column("number"), sa.column("hash")),
        [{"id": 1, "number": 0, "hash": ""}],
    )
    _queue_old_answers()


def downgrade() -> None:
    raise NotImplementedError("what was checked would be lost")


def _queue_old_answers() -> None:
    """Fill in what answers recorded by 0001 lack, from their traces."""
    connection = op.get_bind()
    answers = sa.table(
        "answers",
        *(sa.column(name) for name in ("answer_id", "asked_at", "trace", "question", "confidence")),
    )
    queue = sa.table(
        "queue",
        *(sa.column(n) for n in ("answer_id", "asked_at", "state", "priority", "reasons", "is_sampled")),
    )
    passages = sa.table("answer_passages", *(sa.column(n) for n in ("answer_id", "passage_id", "is_cited")))
    for row in connection.execute(sa.select(answers.c.answer_id, answers.c.asked_at, answers.c.trace)).all():
        trace = json.loads(row.trace)
        answer = trace["answer"]
        filled = {"question": answer["question"], "confidence": answer["confidence"]}
        connection.execute(answers.update().where(answers.c.answer_id == row.answer_id).values(filled))
        connection.execute(
            queue.insert().values(
                answer_id=row.answer_id,
                asked_at=row.asked_at,
                state="unread",
                priority=0,
                reasons="",
                is_sampled=False,
            )
        )
        cited = {citation["passage_id"] for citation in answer["citations"]}
        found = {hit["passage_id"] for hit in trace["hits"]} | cited
        for passage_id in sorted(found):
            connection.execute(
                passages.insert().values(
                    answer_id=row.answer_id, passage_id=passage_id, is_cited=passage_id in cited
                )
            )


def _create_tables() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("lead_units", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.String(length=256), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("n_failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "approvals",
        sa.Column("approval_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("ending", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("passages", sa.Text(), nullable=False),
        sa.Column("waiver", sa.Text(), nullable=True),
        sa.Column("answer_id", sa.String(length=36), nullable=True),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("approval_id", "version"),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(("ix_approvals_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(("ix_approvals_is_current"), ["is_current"], unique=False)

    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("record", sa.String(length=128), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(("ix_audit_action"), ["action"], unique=False)

    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cases",
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("family", sa.String(length=16), nullable=False),
        sa.Column("destination", sa.String(length=16), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("question", sa.Text(), nullable=False, server_default=""),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.String(length=32), nullable=True),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("answer_id"),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(("ix_cases_destination"), ["destination"], unique=False)
        batch_op.create_index(("ix_cases_family"), ["family"], unique=False)

    op.create_table(
        "answer_passages",
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("passage_id", sa.String(length=64), nullable=False),
        sa.Column("is_cited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.answer_id"],
        ),
        sa.PrimaryKeyConstraint("answer_id", "passage_id"),
    )
    with op.batch_alter_table("answer_passages", schema=None) as batch_op:
        batch_op.create_index(("ix_answer_passages_passage_id"), ["passage_id"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("feedback_id", sa.String(length=36), nullable=False),
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("given_at", sa.String(length=32), nullable=False),
        sa.Column("is_helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.answer_id"],
        ),
        sa.PrimaryKeyConstraint("feedback_id"),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(("ix_feedback_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "queue",
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.String(length=128), nullable=False),
        sa.Column("is_sampled", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.String(length=64), nullable=True),
        sa.Column("assigned_until", sa.String(length=32), nullable=True),
        sa.Column("handled_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.answer_id"],
        ),
        sa.PrimaryKeyConstraint("answer_id"),
    )
    with op.batch_alter_table("queue", schema=None) as batch_op:
        batch_op.create_index("ix_queue_order", ["state", "priority", "asked_at"], unique=False)
        batch_op.create_index("ix_queue_sampled", ["is_sampled"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"],
            ["accounts.name"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(("ix_sessions_account"), ["account"], unique=False)

    op.create_table(
        "verdicts",
        sa.Column("verdict_id", sa.String(length=36), nullable=False),
        sa.Column("answer_id", sa.String(length=36), nullable=False),
        sa.Column("reviewer", sa.String(length=64), nullable=False),
        sa.Column("turn", sa.String(length=8), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("ending", sa.String(length=16), nullable=True),
        sa.Column("measures", sa.Text(), nullable=True),
        sa.Column("corrected_text", sa.Text(), nullable=True),
        sa.Column("must_contain", sa.Text(), nullable=False),
        sa.Column("must_not_contain", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.String(length=32), nullable=False),
        sa.Column("is_standing", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answers.answer_id"],
        ),
        sa.PrimaryKeyConstraint("verdict_id"),
    )
    with op.batch_alter_table("verdicts", schema=None) as batch_op:
        batch_op.create_index(("ix_verdicts_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(("ix_verdicts_reviewed_at"), ["reviewed_at"], unique=False)
        batch_op.create_index(("ix_verdicts_verdict"), ["verdict"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("question", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("wording", sa.String(length=16), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("facet", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("confidence", sa.Float(), nullable=True))
        batch_op.create_index(("ix_answers_wording"), ["wording"], unique=False)
