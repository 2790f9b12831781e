"""Errors: what the program cannot decide. An ending (`Status`) is not an error."""


class AssistantError(Exception):
    """Anything this package raises on purpose."""


class SettingsError(AssistantError):
    """A setting is missing or malformed; its name is in the message."""


class RecordsError(AssistantError):
    """The database of records cannot be opened; the message names the file."""


class UnusableQuestion(AssistantError):
    """The question is empty or too long; the message says so in the asker's language."""
