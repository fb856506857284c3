"""From text to a `Tree`: YAML's grammar, and what we leave out of it.

The tree is composed here from the C parser's events rather than by `yaml.compose`: the limits then
hold while reading (a bomb ends at its first alias, a nest at its twenty-first level), nothing recurses,
and the anchors and tags that an author wrote are still visible.
"""

import re
from dataclasses import dataclass
from typing import cast

import yaml

from bot.content.escapes import find_misread, hide_unknown, restore, restore_quoted, unescaped
from bot.content.problems import Loc, describe_loc, quoted
from bot.content.source import Source
from bot.content.syntax import MAX_DEPTH, TOO_DEEP, describe_syntax_error
from bot.content.tree import Tree, Unclear

MAX_NODES = 50_000

#: Numbers as authors mean them. 010, 1_000, 12:30 and 0x1F are numbers to YAML too, but which ones?
_PLAIN_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
#: What only newer YAML takes for a number; the author's editor may be one of those.
_NEWER_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|0o[0-7]+")
_NUMBER = "a number"
_MEANINGS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": _NUMBER,
    "tag:yaml.org,2002:float": _NUMBER,
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "nothing",
}
_COUNTABLE = {_NUMBER, "a date"}


def read_tree(source: Source) -> Tree:
    """Read a file's only document; what is wrong with its YAML stands in the tree's problems."""
    return _Reader(source).read()


class _StopReading(Exception):
    """Not an error: the reader has seen enough."""


@dataclass(slots=True)
class _Frame:
    """A mapping or a list whose inside is being read."""

    loc: Loc
    container: dict[str, object] | list[object]
    flow: bool  #: written with brackets, in which tabs may stand anywhere
    discard: bool  #: read on, but remember no places: this is the value of a key that was refused
    key: str | None = None  #: whose value comes next; None while a mapping waits for a key
    keep_next: bool = True


class _Reader:
    def __init__(self, source: Source) -> None:
        self._tree = Tree(source)
        self._loader = yaml.CSafeLoader(hide_unknown(source.text))
        self._stack: list[_Frame] = []
        self._documents = 0
        self._nodes = 0

    def read(self) -> Tree:
        try:
            while self._loader.check_event():
                self._take(self._loader.get_event())
        except yaml.YAMLError as error:
            in_flow = bool(self._stack) and self._stack[-1].flow
            self._tree.problems.append(describe_syntax_error(error, self._tree.source, in_flow=in_flow))
            self._tree.complete = False
        except _StopReading:
            self._tree.complete = self._documents > 1  # then the first document has been read to its end
        finally:
            self._loader.dispose()
        return self._tree

    def _take(self, event: yaml.Event | None) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._stack.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._stop(
                    event, "file", "starts a second document; keep one quiz per file, without --- lines"
                )

    def _take_node(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._stop(event, "file", f"contains more than {MAX_NODES:,} values; no quiz needs that many")
        frame = self._stack[-1] if self._stack else None
        if frame is None:
            self._tree.value = self._value(event, (), discard=False)
        elif isinstance(frame.container, list):
            loc = (*frame.loc, len(frame.container))
            frame.container.append(self._value(event, loc, discard=frame.discard))
        elif frame.key is None:
            self._take_key(event, frame)
        else:
            key, keep = frame.key, frame.keep_next
            frame.key, frame.keep_next = None, True
            value = self._value(event, (*frame.loc, key), discard=frame.discard or not keep)
            if keep:
                frame.container[key] = value

    def _take_key(self, event: yaml.NodeEvent, frame: _Frame) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            frame.key, frame.keep_next = "?", False
            self._report(event, frame.loc, "has a key that is not a word; write keys as in title: text")
            if isinstance(event, yaml.CollectionStartEvent):
                self._push(event, (*frame.loc, "?"), discard=True)
            return
        frame.key = restore(str(event.value))
        loc = (*frame.loc, frame.key)
        self._refuse_properties(event, loc)
        if frame.key in frame.container:
            frame.keep_next = False
            first = "" if frame.discard else f" (first on line {self._tree.keys[loc][0]})"
            self._report(event, loc, f"is given twice{first}; keep one of them")
        elif not frame.discard:
            self._tree.keys[loc] = _place(event)

    def _value(self, event: yaml.NodeEvent, loc: Loc, *, discard: bool) -> object:
        """Return the node's value; a collection's is filled by the events that follow."""
        clean = self._refuse_properties(event, loc)
        if not discard:
            empty = isinstance(event, yaml.ScalarEvent) and event.implicit[0] and not event.value
            at_key = empty or isinstance(event, yaml.CollectionStartEvent)
            self._tree.values[loc] = (self._tree.keys.get(loc) if at_key else None) or _place(event)
        if isinstance(event, yaml.CollectionStartEvent):
            return self._push(event, loc, discard=discard)
        if not clean or not isinstance(event, yaml.ScalarEvent):
            if not discard:
                self._tree.refused.add(loc)
            return Unclear("", "")
        return self._quoted(event, loc, discard=discard) if event.style == '"' else self._scalar(event)

    def _scalar(self, event: yaml.ScalarEvent) -> str | int | bool | Unclear:
        text = restore(str(event.value))
        if not event.implicit[0]:  # quoted, or a block: text, whatever it looks like
            return text
        tag = str(cast("object", self._loader.resolve(yaml.ScalarNode, text, (True, False))))
        if tag == "tag:yaml.org,2002:int" and _PLAIN_INTEGER.fullmatch(text):
            return int(text)
        if text.lower() in {"true", "false"}:
            return text.lower() == "true"
        meaning = _MEANINGS.get(tag) or ("a number" if _NEWER_NUMBER.fullmatch(text) else None)
        return Unclear(text, meaning, meaning in _COUNTABLE) if meaning else text

    def _quoted(self, event: yaml.ScalarEvent, loc: Loc, *, discard: bool) -> str:
        """Return a text in double quotes; if a backslash in it is not understood, as in single ones."""
        segments = self._written(event)
        misread = find_misread(segments)
        if misread is None:
            return restore_quoted(str(event.value))
        line, column = _place(event)
        column = column + 1 if misread.line == 0 else 1
        place = (line + misread.line, column + misread.column)
        self._tree.problems.append(self._tree.source.problem(*place, describe_loc(loc), misread.message))
        if not discard:
            self._tree.refused.add(loc)
        return unescaped(segments)

    def _written(self, event: yaml.ScalarEvent) -> list[str]:
        """Return what stands between a text's quotes, by lines."""
        first, last = event.start_mark, event.end_mark
        lines = list(self._tree.source.lines[first.line : last.line + 1])
        lines[-1] = lines[-1][: last.column - 1]
        lines[0] = lines[0][first.column + 1 :]
        return lines

    def _push(
        self, event: yaml.CollectionStartEvent, loc: Loc, *, discard: bool
    ) -> dict[str, object] | list[object]:
        if len(self._stack) >= MAX_DEPTH:
            self._stop(event, "file", TOO_DEEP)
        container: dict[str, object] | list[object] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self._stack.append(_Frame(loc, container, bool(event.flow_style), discard))
        return container

    def _refuse_properties(self, event: yaml.NodeEvent, loc: Loc) -> bool:
        """Report aliases, anchors and tags; return whether the value beside them is still to be used."""
        if event.anchor is None and getattr(event, "tag", None) is None:
            return True
        name = str(event.anchor or "")
        if isinstance(event, yaml.AliasEvent):
            self._report(event, loc, f"is a YAML alias, which quiz files do not use; {_hint('*', name)}")
            return False
        if name:
            self._report(event, loc, f"has a YAML anchor, which quiz files do not use; {_hint('&', name)}")
        tag = str(getattr(event, "tag", None) or "").removeprefix("tag:yaml.org,2002:")
        if tag:
            hint = _hint("!", tag.removeprefix("!"))
            self._report(event, loc, f"has a YAML tag, which quiz files do not use; {hint}")
        return not tag or isinstance(event, yaml.CollectionStartEvent)

    def _report(self, event: yaml.Event, loc: Loc, message: str) -> None:
        self._tree.problems.append(self._tree.source.problem(*_place(event), describe_loc(loc), message))

    def _stop(self, event: yaml.Event, key: str, message: str) -> None:
        line, column = _place(event)
        self._tree.problems.append(self._tree.source.problem(line, column, key, message))
        raise _StopReading


def _hint(sign: str, name: str) -> str:
    return f"write the value out or, if the {sign} belongs to a text, put it in quotes: {quoted(sign + name)}"


def _place(event: yaml.Event) -> tuple[int, int]:
    """Return where an event starts, counted from one, as editors do."""
    return event.start_mark.line + 1, event.start_mark.column + 1
