"""YAML's own complaints, reworded for people who write quizzes and not parsers."""

import yaml

from bot.content.problems import Problem
from bot.content.source import Source

#: How deep a file may nest: a quiz needs five levels.
MAX_DEPTH = 20
TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep; a quiz needs five"

#: A parser knows lines, not keys.
_KEY = "this line"

#: (a part of libyaml's context or problem, what to tell the author, whether the caret stands where
#: the construct began rather than where the parser gave up)
_SENTENCES: tuple[tuple[str, str, bool], ...] = (
    ("nesting depth", TOO_DEEP, False),  # libyaml looks ahead, and from PyYAML 6.0.4 on gives up before we do
    (
        "mapping values are not allowed",
        'has a colon in the wrong place; put text with ": " in it in quotes, and check that keys are '
        "indented alike, with a space after each colon",
        False,
    ),
    (
        "scanning a simple key",
        "has no colon; write a key as in title: text, with a space after the colon",
        True,
    ),
    ("scanning a quoted scalar", "opens a quote that is never closed; add the closing quote", True),
    (
        "scanning an alias",
        "has text that starts with *, which has a special meaning in YAML; put the text in quotes",
        True,
    ),
    (
        "scanning an anchor",
        "has text that starts with &, which has a special meaning in YAML; put the text in quotes",
        True,
    ),
    ("tag", "has text that starts with !, which has a special meaning in YAML; put the text in quotes", True),
    (
        "scanning a block scalar",
        "has text right after | or >; start the text on the next line, indented",
        False,
    ),
    ("flow sequence", "opens a list with [ that is not closed; add the comma or the ] that is missing", True),
    ("flow mapping", "opens a { that is not closed; add the comma or the } that is missing", True),
    ("incompatible YAML document", "asks for another version of YAML; delete this line", False),
    (
        "directive",
        "has text that starts with %, which has a special meaning in YAML; put the text in quotes",
        True,
    ),
    (
        "block sequence entries",
        "has a - in the middle; start a list on a line of its own, and put a text in quotes",
        False,
    ),
    (
        "expected '-' indicator",
        "does not belong to the list above; check its indentation and its quotes",
        False,
    ),
    (
        "expected key",
        "does not fit here; check the indentation, and that quotes inside quoted text are doubled or escaped",
        False,
    ),
    (
        "expected node content",
        "has a bracket or a comma where a value should be; put the text in quotes",
        False,
    ),
)


def describe_syntax_error(error: yaml.YAMLError, source: Source, *, in_flow: bool) -> Problem:
    """Return why a file is not YAML, at the place where its author should look.

    Args:
        error: what the parser said.
        source: the file.
        in_flow: whether it was between brackets, where tabs are not to blame.
    """
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return source.problem(
            1, 1, "file", f"is not YAML ({' '.join(str(error).split())}); check it in an editor"
        )
    stopped = source.within(error.problem_mark.line + 1, error.problem_mark.column + 1)
    began = stopped
    if error.context_mark is not None:
        began = source.within(error.context_mark.line + 1, error.context_mark.column + 1)
    tab = None if in_flow else _tab_in_indentation(source, (stopped[0], began[0]))
    if tab is not None:
        return source.problem(*tab, _KEY, "is indented with a tab; YAML wants spaces, two for each level")
    character = source.lines[stopped[0] - 1][stopped[1] - 1 : stopped[1]]
    if not character and "expected node content" in str(error.problem):
        return source.problem(*stopped, _KEY, "ends too early; close what was opened with [ or {")
    if "cannot start any token" in str(error.problem):
        meaning = f"has text that starts with {character}, which has a special meaning in YAML"
        sentence = f"{meaning}; put the text in quotes"
        return source.problem(*stopped, _KEY, sentence)
    said = f"{error.context} {error.problem}"
    for part, sentence, at_start in _SENTENCES:
        if part in said:
            key = "file" if sentence is TOO_DEEP else _KEY
            return source.problem(*(began if at_start else stopped), key, sentence)
    return source.problem(*stopped, _KEY, f"is not YAML ({error.problem}); check the lines around it")


def _tab_in_indentation(source: Source, numbers: tuple[int, ...]) -> tuple[int, int] | None:
    for number in numbers:
        line = source.lines[number - 1]
        indentation = line[: len(line) - len(line.lstrip(" \t"))]
        if "\t" in indentation:
            return number, indentation.index("\t") + 1
    return None
