"""Settings: environment and `.env` in, one frozen `Config` out, every problem reported at once."""

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SQLITE_URL = re.compile(r"sqlite(?:\+aiosqlite)?:///(?!:memory:)(?P<path>.+)")


class ConfigError(Exception):
    """The settings are not usable; `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def shipped_quizzes() -> Path:
    """Return the quizzes that come with Quizhost: inside the installed package, or beside it in a clone."""
    package = Path(__file__).parent
    installed = package / "quizzes"
    return installed if installed.is_dir() else package.parent / "quizzes"


class Config(BaseSettings):
    """Everything that can be set from outside. The descriptions are what the docs say, too."""

    model_config = SettingsConfigDict(env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True)

    token: SecretStr | None = Field(
        None, alias="DISCORD_TOKEN", description="The bot's token, from Discord's developer portal."
    )
    database_url: str | None = Field(
        None,
        alias="DATABASE_URL",
        description="The database, as sqlite:///path/to/file. Usually quizhost.sqlite3 in the data folder.",
    )
    data: Path = Field(
        Path("data"), alias="QUIZHOST_DATA", description="The data folder; one running bot each."
    )
    quizzes: Path = Field(
        default_factory=shipped_quizzes,
        alias="QUIZHOST_QUIZZES",
        description="The folder of quiz files. Usually the quizzes that come with Quizhost.",
    )
    pause_seconds: int = Field(
        8,
        ge=0,
        le=300,
        alias="QUIZHOST_PAUSE_SECONDS",
        description="The pause between a reveal and the next question: 0 to 300 seconds.",
    )
    lead_seconds: int = Field(
        10,
        ge=0,
        le=300,
        alias="QUIZHOST_LEAD_SECONDS",
        description="The time from a round's announcement to its first question: 0 to 300 seconds.",
    )
    scheduled_lead_seconds: int = Field(
        60,
        ge=0,
        le=600,
        alias="QUIZHOST_SCHEDULED_LEAD_SECONDS",
        description="The same for a round that starts by itself, where people who are called have to come: "
        "0 to 600 seconds.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="LOG_LEVEL", description="How much Quizhost logs: DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("token")
    @classmethod
    def _is_one_word(cls, token: SecretStr | None) -> SecretStr | None:
        stripped = "" if token is None else token.get_secret_value().strip()
        if not re.fullmatch("[!-~]*", stripped):
            raise ValueError("holds a space or another character that no token has; copy it again")
        return SecretStr(stripped) if stripped else None

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, level: object) -> object:
        return level.upper() if isinstance(level, str) else level

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, url: str | None) -> str | None:
        if url is not None and not _SQLITE_URL.fullmatch(url):
            raise ValueError("write sqlite:///path/to/file; other databases are not supported yet")
        return url

    @field_validator("quizzes")
    @classmethod
    def _exists(cls, quizzes: Path) -> Path:
        try:
            quizzes.stat()
        except (OSError, ValueError):  # ValueError: the path holds a NUL
            raise ValueError(f"there is no folder {quizzes}, or Quizhost may not look into it") from None
        return quizzes

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        found = _SQLITE_URL.fullmatch(self.database_url or "")
        return Path(found["path"]) if found else self.data / "quizhost.sqlite3"


def load_config() -> Config:
    """Read the settings.

    Raises:
        ConfigError: some are not usable; all of them are named.
    """
    try:
        return Config()  # pyright: ignore[reportCallIssue] - the values come from the environment
    except ValidationError as error:
        problems = [
            f"{issue['loc'][0]}: {issue['msg'].removeprefix('Value error, ')}" for issue in error.errors()
        ]
        raise ConfigError(problems) from None
    except UnicodeDecodeError:
        raise ConfigError([".env: is not UTF-8 text; save it as UTF-8"]) from None
    except OSError as error:
        raise ConfigError([f".env: cannot be read ({error.strerror}); check its permissions"]) from None
