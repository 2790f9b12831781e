"""Staff check answers: queue, verdicts, approvals, cases, insight, audit.

Everything is read and written here; the pages in `assistant/web/staff/` and the commands only show it.
"""
