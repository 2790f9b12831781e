"""Errors: what the program cannot decide. An ending (`Status`) is not an error."""

from typing import Literal


class AssistantError(Exception):
    """Anything this package raises on purpose."""


class SettingsError(AssistantError):
    """A setting is missing or malformed; its name is in the message."""


class RecordsError(AssistantError):
    """The database of records cannot be opened; the message names the file."""


class UnusableQuestion(AssistantError):
    """The question is empty or too long; the message says so in the asker's language."""


class ReviewError(AssistantError):
    """What staff sent cannot be kept; `key` names its sentence in the staff sheet, `values` fill it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


class ImportRefused(AssistantError):
    """A file that staff sent cannot be read; the message names the line and the value."""


class CommandError(AssistantError):
    """A command cannot be run as asked; the message says what it needs."""


class AccountError(AssistantError):
    """A change to an account cannot be made; the message names the thing and its value."""


class SignInRefused(AssistantError):
    """Nobody is signed in; `reason` says no more than the one who tried may know."""

    def __init__(self, reason: Literal["wrong", "locked"]) -> None:
        super().__init__(f"the sign-in was refused: {reason}")
        self.reason = reason
