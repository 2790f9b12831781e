"""Settings, read once from ASSISTANT_*; the only reader of the environment."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsError

__all__ = ["Settings", "SettingsError"]


def _default_data_dir() -> Path:
    checkout = Path(__file__).resolve().parent.parent
    return (checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()) / "var"


class Settings(BaseSettings):
    """All settings. Read with `Settings.read()`; passed by hand, never global."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_ignore_empty=True, frozen=True, extra="ignore"
    )

    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="where everything the program writes lives",
    )
    database_url: str | None = Field(
        default=None,
        repr=False,  # it may hold a password
        description="the records' database, postgresql://user:password@host/name; a SQLite file unless set",
    )
    blocklist: Path | None = Field(
        default=None,
        description="a text file, one expression a line; a question that has one is declined",
    )
    encoder: str | None = Field(
        default=None,
        description="another sentence-transformers model: a directory, or a name already cached",
    )
    sample_share: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="share of answers drawn at random to be checked, for an estimate of accuracy",
    )
    second_review_share: float = Field(
        default=0.1, ge=0, le=1, description="share of checked answers that a second reviewer checks, unseen"
    )
    retention_days: int | None = Field(
        default=None,
        ge=1,
        description="how long answers are kept; `staff purge` deletes what is older. For ever unless set",
    )
    staff_header: str | None = Field(
        default=None,
        description="name of the header in which a trusted proxy hands over who signed in; off unless set",
    )
    secure_cookies: bool = Field(
        default=False, description="send the staff cookie over HTTPS only: for a server behind a TLS proxy"
    )
    host: str = Field(default="127.0.0.1", description="address the pages listen on")
    port: int = Field(default=7860, ge=1, le=65535, description="port the pages listen on")

    @classmethod
    def read(cls) -> "Settings":
        """Read the environment. Raises SettingsError naming the variable and its value."""
        try:
            return cls()
        except ValidationError as error:
            first = error.errors()[0]
            name = "ASSISTANT_" + "_".join(map(str, first["loc"])).upper()
            raise SettingsError(f"{name}={first['input']!r}: {first['msg']}") from error
