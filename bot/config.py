"""Settings: environment and `.env` in, one frozen `Config` out, all problems reported at once."""

import difflib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from annotated_types import Ge, Le
from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource, SettingsConfigDict

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

OURS = "QUIZHOST_"  #: the prefix of variables that only we read

_SQLITE_URL = re.compile(r"sqlite(?:\+aiosqlite)?:///(?!:memory:)(?P<path>.+)")


class ConfigError(Exception):
    """The settings cannot be used; `problems` has one line for each problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def shipped_quizzes() -> Path:
    """Return the quizzes that come with Quizhost: inside the installed package, or beside it in a clone."""
    package = Path(__file__).parent
    installed = package / "quizzes"
    return installed if installed.is_dir() else package.parent / "quizzes"


def _from_home(path: Path) -> Path:
    """Replace `~`, as a shell does: systemd and Docker do not."""
    try:
        return path.expanduser()
    except RuntimeError:
        raise ValueError(f"{path} names a home folder that this machine does not know") from None


FilePath = Annotated[Path, AfterValidator(_from_home)]


class Config(BaseSettings):
    """Everything that can be set from outside. The descriptions are what the docs say, too."""

    model_config = SettingsConfigDict(env_file=".env", frozen=True, extra="ignore", env_ignore_empty=True)

    token: SecretStr | None = Field(
        None, alias="DISCORD_TOKEN", description="The bot's token, from Discord's developer portal."
    )
    database_url: str | None = Field(
        None,
        alias="DATABASE_URL",
        description="The database, as sqlite:///path/to/file. By default, quizhost.sqlite3 in the data "
        "folder.",
    )
    data: FilePath = Field(
        Path("data"), alias="QUIZHOST_DATA", description="The data folder; only one running bot can use it."
    )
    quizzes: FilePath = Field(
        default_factory=shipped_quizzes,
        alias="QUIZHOST_QUIZZES",
        description="The folder of quiz files. By default, the quizzes that come with Quizhost.",
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
        description="The same for a scheduled round, where people who are pinged need time to come: "
        "0 to 600 seconds.",
    )
    forget_days: int = Field(
        90,
        ge=1,
        le=3650,
        alias="QUIZHOST_FORGET_DAYS",
        description="How long a server's data is kept after it removes the bot: 1 to 3650 days.",
    )
    backup_days: int = Field(
        30,
        ge=1,
        le=3650,
        alias="QUIZHOST_BACKUP_DAYS",
        description="How long to keep the copies that Quizhost makes before it changes the database: "
        "1 to 3650 days.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", alias="LOG_LEVEL", description="How much Quizhost logs: DEBUG, INFO, WARNING or ERROR."
    )

    @field_validator("token")
    @classmethod
    def _is_one_word(cls, token: SecretStr | None) -> SecretStr | None:
        stripped = "" if token is None else token.get_secret_value().strip()
        if not re.fullmatch("[!-~]*", stripped):
            raise ValueError("contains a space or another character that no token has; copy it again")
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
        before, mark, query = (url or "").partition("?")
        if mark:
            raise ValueError(f"takes no options like ?{query}; write {before}")
        _database_path(url)
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
        return _database_path(self.database_url) or self.data / "quizhost.sqlite3"


def _database_path(url: str | None) -> Path | None:
    found = _SQLITE_URL.fullmatch(url or "")
    return _from_home(Path(found["path"])) if found else None


def load_config() -> Config:
    """Read the settings.

    Raises:
        ConfigError: some cannot be used; all of them are named.
    """
    try:
        return Config()  # pyright: ignore[reportCallIssue] - the values come from the environment
    except ValidationError as error:
        raise ConfigError([f"{issue['loc'][0]}: {_problem(issue)}" for issue in error.errors()]) from None
    except UnicodeDecodeError:
        raise ConfigError([".env: is not UTF-8 text; save it as UTF-8"]) from None
    except OSError as error:
        raise ConfigError([f".env: cannot be read ({error.strerror}); check its permissions"]) from None


def _problem(issue: "ErrorDetails") -> str:
    """Return what is wrong with a setting and what it could be, in our words and not pydantic's."""
    if issue["type"] == "value_error":
        return issue["msg"].removeprefix("Value error, ")
    (field,) = (one for one in Config.model_fields.values() if one.alias == issue["loc"][0])
    wanted = " or ".join(", ".join(get_args(field.annotation)).rsplit(", ", 1))
    if field.annotation is int:
        least = next(one.ge for one in field.metadata if isinstance(one, Ge))
        most = next(one.le for one in field.metadata if isinstance(one, Le))
        wanted = f"a whole number from {least} to {most}"
    return f"{issue['input']!r} does not work; write {wanted}"


def find_strangers() -> list[str]:
    """Return a sentence about each variable that looks like one of ours but is not."""
    names = {str(field.alias).removeprefix(OURS): field.alias for field in Config.model_fields.values()}
    given = {**EnvSettingsSource(Config).env_vars, **DotEnvSettingsSource(Config).env_vars}
    found: list[str] = []
    for name in sorted(one.upper() for one in given):
        if name.startswith(OURS) and name not in names.values():
            likely = difflib.get_close_matches(name.removeprefix(OURS), names, n=1, cutoff=0.5)
            hint = f" Did you mean {names[likely[0]]}?" if likely else ""
            found.append(f"{name} is set, but Quizhost has no such setting.{hint}")
    return found
