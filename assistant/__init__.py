"""The policy assistant's public interface.

with Assistant.open(Settings.read()) as assistant:
    answer = assistant.ask("水电气怎么报装?")
"""

from assistant.answer import Answer, Citation, Language, Status
from assistant.ask import Assistant
from assistant.errors import AssistantError, RecordsError, SettingsError, UnusableQuestion
from assistant.settings import Settings

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "Language",
    "RecordsError",
    "Settings",
    "SettingsError",
    "Status",
    "UnusableQuestion",
]
