"""Settings from the environment and `.env`: what counts, what is refused, and that the token stays secret."""

import os
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, find_strangers, load_config, shipped_quizzes

NAMES = [str(field.alias) for field in Config.model_fields.values()]


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in an empty folder, with none of our variables set."""
    for name in os.environ:
        if name.upper() in NAMES:
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problems() -> list[str]:
    with pytest.raises(ConfigError) as raised:
        load_config()
    return raised.value.problems


def test_everything_but_the_token_has_a_default() -> None:
    config = load_config()
    assert config.token is None
    assert config.database_path == Path("data/quizhost.sqlite3")
    assert config.quizzes == shipped_quizzes()
    assert (config.pause_seconds, config.lead_seconds, config.log_level) == (8, 10, "INFO")


def test_the_environment_wins_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text(
        "QUIZHOST_PAUSE_SECONDS=1\nQUIZHOST_LEAD_SECONDS=2\nUNRELATED=3\n", encoding="utf-8"
    )
    monkeypatch.setenv("QUIZHOST_PAUSE_SECONDS", "0")
    config = load_config()
    assert (config.pause_seconds, config.lead_seconds) == (0, 2)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert load_config() == Config(_env_file=None)  # pyright: ignore[reportCallIssue] - the rest has defaults


@pytest.mark.parametrize("written", ["abc.DEF-_123", " abc.DEF-_123\n"])
def test_a_token_is_taken_without_the_space_around_it(written: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", written)
    token = load_config().token
    assert token is not None
    assert token.get_secret_value() == "abc.DEF-_123"


def test_a_blank_token_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "  ")
    assert load_config().token is None


@pytest.mark.parametrize("token", ["Bot abc", "abc\nX-Header: 1", "“abc”", "ab\u200bc"])
def test_what_no_token_holds_is_refused_before_discord_sees_it(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", token)
    assert problems() == [
        "DISCORD_TOKEN: contains a space or another character that no token has; copy it again"
    ]


def test_the_token_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "canary")
    config = load_config()
    assert "canary" not in f"{config!r} {config} {config.model_dump_json()}"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///quiz.db", "quiz.db"),
        ("sqlite:////srv/quiz.db", "/srv/quiz.db"),
        ("sqlite+aiosqlite:///quiz.db", "quiz.db"),
        ("", "data/quizhost.sqlite3"),
    ],
)
def test_the_database_is_a_file(url: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert load_config().database_path == Path(path)


@pytest.mark.parametrize(
    "url", ["quiz.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://localhost/quiz"]
)
def test_another_database_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    (problem,) = problems()
    assert problem.startswith("DATABASE_URL: write sqlite:///path/to/file; ")


@pytest.mark.parametrize("url", ["sqlite:///quiz.db?mode=ro", "sqlite:////srv/quiz.db?cache=shared&x=?"])
def test_options_behind_the_database_s_path_are_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    path, _, options = url.partition("?")
    assert problems() == [f"DATABASE_URL: takes no options like ?{options}; write {path}"]


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    paths = [str(field.alias) for field in Config.model_fields.values() if field.annotation is Path]
    assert paths == ["QUIZHOST_DATA", "QUIZHOST_QUIZZES"], "a new one is to be tested here, too"
    for name in paths:
        monkeypatch.setenv(name, "~/mine")
    config = load_config()
    assert (config.data, config.quizzes) == (tmp_path / "mine", tmp_path / "mine")
    assert config.database_path == tmp_path / "mine" / "quizhost.sqlite3"
    monkeypatch.setenv("DATABASE_URL", "sqlite:///~/quiz.db")
    assert load_config().database_path == tmp_path / "quiz.db"


@pytest.mark.parametrize(("name", "value"), [("QUIZHOST_DATA", "{}"), ("DATABASE_URL", "sqlite:///{}/q.db")])
def test_the_home_of_somebody_unknown_is_refused(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value.format("~nobody-of-this-name"))
    (problem,) = problems()
    assert problem.startswith(f"{name}: ~nobody-of-this-name")
    assert problem.endswith("names a home folder that this machine does not know")


@pytest.mark.parametrize("name", ["QUIZHOST_PAUSE_SECONDS", "QUIZHOST_LEAD_SECONDS"])
@pytest.mark.parametrize("value", ["-1", "301", "soon", "1.5"])
def test_seconds_have_limits(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    assert problems() == [f"{name}: '{value}' does not work; write a whole number from 0 to 300"]


def test_a_level_that_is_none_is_refused_with_those_that_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    assert problems() == ["LOG_LEVEL: 'LOUD' does not work; write DEBUG, INFO, WARNING or ERROR"]


def test_variables_that_are_none_of_ours_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("QUIZHOST_LEAD_SECOND=2\nOTHERS=3\nQUIZHOST_DATA=d\n", encoding="utf-8")
    monkeypatch.setenv("QUIZHOST_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("QUIZHOST_TOKEN", "t")
    monkeypatch.setenv("QUIZHOST_XYZZY", "1")
    missing = "is set, but Quizhost has no such setting."
    assert find_strangers() == [
        f"QUIZHOST_LEAD_SECOND {missing} Did you mean QUIZHOST_LEAD_SECONDS?",
        f"QUIZHOST_LOG_LEVEL {missing} Did you mean LOG_LEVEL?",
        f"QUIZHOST_TOKEN {missing} Did you mean DISCORD_TOKEN?",
        f"QUIZHOST_XYZZY {missing}",
    ]


def test_quizzes_that_are_not_there_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZHOST_QUIZZES", str(tmp_path / "nope"))
    assert problems() == [
        f"QUIZHOST_QUIZZES: there is no folder {tmp_path / 'nope'}, or Quizhost may not look into it"
    ]


def test_an_env_file_in_another_encoding_is_told() -> None:
    Path(".env").write_text("DISCORD_TOKEN=abc\n", encoding="utf-16")
    assert problems() == [".env: is not UTF-8 text; save it as UTF-8"]


def test_all_problems_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZHOST_PAUSE_SECONDS", "long")
    monkeypatch.setenv("DATABASE_URL", "mysql://localhost/quiz")
    monkeypatch.setenv("LOG_LEVEL", "LOUD")
    assert [problem.split(":")[0] for problem in problems()] == [
        "DATABASE_URL",
        "QUIZHOST_PAUSE_SECONDS",
        "LOG_LEVEL",
    ]
