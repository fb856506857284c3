"""What a wheel carries: installed away from the clone, it finds its quizzes, migrations, fonts and schema."""

import json
import os
import site
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., str]

#: Opens a database and draws a board; prints where the code came from, the tables and the picture's size.
PROBE = """
import asyncio, json, sqlite3
from pathlib import Path

import bot
from bot.charts.renderer import TypstCharts
from bot.config import shipped_quizzes
from bot.services.boards import Board, BoardRow
from bot.storage.database import Database


async def probe():
    async with Database.open(Path("quizhost.sqlite3")):
        pass
    rows = (BoardRow(1, "Zoë 東京 🎉", "9 of 10", "Expert", 0.9),)
    return await TypstCharts().render_board(Board(rows))


png = asyncio.run(probe())
with sqlite3.connect("quizhost.sqlite3") as connection:
    tables = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
connection.close()
print(json.dumps({
    "package": str(Path(bot.__file__).parent),
    "schema": (shipped_quizzes() / "quiz.schema.json").read_text(encoding="utf-8"),
    "tables": tables,
    "png": png[:8].hex(),
    "width": int.from_bytes(png[16:20]),
}))
"""


@pytest.fixture(scope="module")
def wheel(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(pytestconfig.rootpath)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Install the wheel into an environment of its own and return what runs something there.

    Dependencies are seen through a .pth file. Python reads no .pth files of a folder that came in by
    one, so an editable install beside those dependencies stays out of sight.
    """
    folder = tmp_path_factory.mktemp("away")
    builder = venv.EnvBuilder(with_pip=False)
    builder.create(folder / "venv")
    context = builder.ensure_directories(folder / "venv")
    pip = [sys.executable, "-m", "pip", "--python", context.env_exe, "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", str(wheel)], check=True, capture_output=True)
    packages = next(Path(context.env_dir).glob("lib*/**/site-packages"))
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "QUIZHOST_", "COV_"))
    }

    def run_there(program: str, *arguments: str) -> str:
        command = [str(Path(context.bin_path) / program), *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run_there


def test_the_installed_command_finds_the_shipped_quizzes(run: Run, pytestconfig: pytest.Config) -> None:
    shipped = len(list((pytestconfig.rootpath / "quizzes").rglob("*.yaml")))
    *files, verdict = run("quizhost", "validate").splitlines()
    assert len(files) == shipped
    assert verdict.startswith(f"{shipped} quiz")


def test_the_installed_package_brings_all_that_it_reads(
    run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = json.loads(run("python", "-c", PROBE))
    assert Path(found["package"]).is_relative_to(tmp_path_factory.getbasetemp())
    assert found["schema"] == run("quizhost", "schema")
    assert {"alembic_version", "rounds", "responses", "standings"} <= set(found["tables"])
    assert bytes.fromhex(found["png"]) == b"\x89PNG\r\n\x1a\n"
    assert found["width"] > 500


def test_the_installed_help_works_without_a_terminal(run: Run) -> None:
    assert "validate" in run("quizhost", "--help")
