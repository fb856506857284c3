"""The documents of the repository, and what is written in them."""

import re
import textwrap
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
DOCUMENTS = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", *PAGES]


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    """Return the code blocks in this language, without their indentation."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", read(name), re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in found]


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table whose heading begins so, on a page of the reference."""
    name = f"docs/reference/{page}.md"
    _, _, after = read(name).partition(f"| {heading} |")
    assert after, f"{name} has no table with {heading}"
    table = after.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table]
