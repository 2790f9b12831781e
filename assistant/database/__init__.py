"""The records on disk: one door to the database, SQLite or PostgreSQL."""

from assistant.database.database import HEAD, Database, migrate
from assistant.database.opening import open_records
from assistant.database.stamps import later, stamp
from assistant.database.texts import storable

__all__ = ["HEAD", "Database", "later", "migrate", "open_records", "stamp", "storable"]
