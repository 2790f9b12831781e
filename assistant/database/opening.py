"""Where the records are: the server the settings name, else a file in the data folder."""

from assistant.database.database import Database
from assistant.settings import Settings


def open_records(settings: Settings) -> Database:
    """Open the records, creating or migrating them where needed.

    SettingsError for an address that is none, RecordsError where they cannot be opened.
    """
    if settings.database_url:
        return Database.by_address(settings.database_url)
    return Database.at(settings.data_dir / "records.sqlite")
