"""All tables. Moments are text (stamps.py); lists and mappings are JSON in ASCII: no character is lost."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

# What was answered, and all that led to it.
answers = Table(
    "answers",
    metadata,
    Column("answer_id", String(36), primary_key=True),
    Column("asked_at", String(32), nullable=False, index=True),
    Column("question", Text, nullable=False, default=""),  # as asked, masked
    Column("wording", String(16), nullable=False, default="", index=True),  # hash of the folded question
    Column("language", String(8), nullable=False),
    Column("status", String(16), nullable=False, index=True),
    Column("facet", String(32)),  # what is asked about a matter: answer.Facet
    Column("confidence", Float),
    Column("engine", String(64), nullable=False),
    Column("index_version", String(64)),
    Column("prompts", String(64), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("trace", Text, nullable=False),
)
answer_passages = Table(
    "answer_passages",
    metadata,
    Column("answer_id", String(36), ForeignKey("answers.answer_id"), primary_key=True),
    Column("passage_id", String(64), primary_key=True, index=True),
    Column("is_cited", Boolean, nullable=False),  # or only found: a runner-up
)

# What is to be checked: one row an answer.
queue = Table(
    "queue",
    metadata,
    Column("answer_id", String(36), ForeignKey("answers.answer_id"), primary_key=True),
    Column("asked_at", String(32), nullable=False),
    Column("state", String(16), nullable=False),  # review.queue.State
    Column("priority", Integer, nullable=False),
    Column("reasons", String(128), nullable=False),  # review.queue.Reason, with spaces between
    Column("is_sampled", Boolean, nullable=False),  # drawn at random, for the estimate of accuracy
    Column("assigned_to", String(64)),
    Column("assigned_until", String(32)),
    Column("handled_at", String(32)),
)
Index("ix_queue_order", queue.c.state, queue.c.priority, queue.c.asked_at)
Index("ix_queue_sampled", queue.c.is_sampled)

feedback = Table(
    "feedback",
    metadata,
    Column("feedback_id", String(36), primary_key=True),
    Column("answer_id", String(36), ForeignKey("answers.answer_id"), nullable=False, index=True),
    Column("given_at", String(32), nullable=False),
    Column("is_helpful", Boolean, nullable=False),
    Column("reason", String(32)),  # review.feedback.REASONS
    Column("comment", Text, nullable=False),  # masked
)
verdicts = Table(
    "verdicts",
    metadata,
    Column("verdict_id", String(36), primary_key=True),
    Column("answer_id", String(36), ForeignKey("answers.answer_id"), nullable=False, index=True),
    Column("reviewer", String(64), nullable=False),
    Column("turn", String(8), nullable=False),  # review.verdicts.Turn: first, second, final
    Column("verdict", String(32), nullable=False, index=True),
    Column("reasons", Text, nullable=False),  # JSON list
    Column("comment", Text, nullable=False),  # masked
    Column("ending", String(16)),  # the status that would have been right
    Column("measures", Text),  # JSON list of passage ids that would have been right; NULL: as cited
    Column("corrected_text", Text),  # what the reader should have been told
    Column("must_contain", Text, nullable=False),  # JSON list: facts that a right answer states
    Column("must_not_contain", Text, nullable=False),  # JSON list: what betrays a wrong one
    Column("reviewed_at", String(32), nullable=False, index=True),
    Column("is_standing", Boolean, nullable=False),  # the verdict that counts for its answer
)

# Who checks.
accounts = Table(
    "accounts",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),  # review.accounts.Role
    Column("lead_units", Text, nullable=False),  # JSON list; empty: not limited
    Column("password_hash", String(256), nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("n_failures", Integer, nullable=False),
    Column("locked_until", String(32)),
    Column("created_at", String(32), nullable=False),
)
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),  # the token itself is known to the browser only
    Column("account", String(64), ForeignKey("accounts.name"), nullable=False, index=True),
    Column("began_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
)

# What editors approved: every version of every approval stays.
approvals = Table(
    "approvals",
    metadata,
    Column("approval_id", String(36), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("is_current", Boolean, nullable=False, index=True),
    Column("state", String(16), nullable=False),  # review.approvals.State
    Column("language", String(8), nullable=False),
    Column("questions", Text, nullable=False),  # JSON list: the family's wordings
    Column("ending", String(16), nullable=False),  # answer.Status
    Column("text", Text, nullable=False),
    Column("passages", Text, nullable=False),  # JSON object: passage id -> its SHA-256 when approved
    Column("waiver", Text),  # why the text may stand although the fact gate objects
    Column("answer_id", String(36), index=True),  # the answer it came from
    Column("changed_by", String(64), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("note", Text, nullable=False),
)

# What verdicts teach: a case of the regression set, or a suggestion for the question bank, never both.
cases = Table(
    "cases",
    metadata,
    Column("answer_id", String(36), primary_key=True),
    Column("family", String(16), nullable=False, index=True),
    Column("destination", String(16), nullable=False, index=True),  # regression, suggestion
    Column("case", Text, nullable=False),  # JSON, in the case format
    Column("state", String(16), nullable=False),  # of a suggestion: open, accepted, declined
    Column("question", Text, nullable=False),  # of a suggestion: as accepted
    Column("decided_by", String(64)),
    Column("decided_at", String(32)),
    Column("made_at", String(32), nullable=False),
)

# Who did what to which record: only ever appended to, each line holding the hash of the one before.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False, index=True),
    Column("record", String(128), nullable=False),
    Column("details", Text, nullable=False),  # JSON
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
