"""A quiz file as plain values that know where they are. Nothing here knows YAML, or what a quiz is."""

from dataclasses import dataclass, field

from bot.content.problems import Loc, Problem, describe_loc
from bot.content.source import Source


@dataclass(frozen=True, slots=True)
class Unclear:
    """A plain scalar that YAML reads as something an author rarely means: `no`, `12:30`, `010`, nothing."""

    written: str
    meaning: str  #: what YAML reads it as; empty if it was refused already
    countable: bool = False  #: a number or a date: where a text belongs, it can only be meant as one


def as_text(value: object) -> object:
    """Return a number or a date as it is written, for where only a text can be meant; others as they are."""
    if isinstance(value, Unclear):
        return value.written if value.countable else value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


@dataclass(slots=True)
class Tree:
    """A file's values, and for each its place."""

    source: Source
    value: object = None  #: dict, list, str, int, bool or Unclear, and the same inside; None if there is none
    complete: bool = True  #: False if reading stopped, so that judging what is there would be unfair
    problems: list[Problem] = field(default_factory=list[Problem])
    refused: set[Loc] = field(default_factory=set[Loc])  #: places whose problem says enough already
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict[Loc, tuple[int, int]])
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict[Loc, tuple[int, int]])
    moved: dict[Loc, Loc] = field(
        default_factory=dict[Loc, Loc]
    )  #: a place that values were put to, and theirs

    def nearest(self, loc: Loc) -> Loc:
        """Return the place itself or, if the file does not have it, the one around it."""
        while loc and self._origin(loc) not in self.values:
            loc = loc[:-1]
        return loc

    def locate(self, loc: Loc, *, at_key: bool = False) -> tuple[int, int]:
        """Return line and column of a value, or of the nearest thing around it that the file has."""
        loc = self._origin(self.nearest(loc))
        return (self.keys.get(loc) if at_key else None) or self.values.get(loc, (1, 1))

    def problem(self, loc: Loc, message: str, *, at_key: bool = False) -> Problem:
        """Return a problem about a value, or about its key."""
        line, column = self.locate(loc, at_key=at_key)
        return self.source.problem(line, column, describe_loc(loc), message)

    def is_refused(self, loc: Loc) -> bool:
        """Tell whether the place, or one around it, has a problem that says enough."""
        loc = self._origin(loc)
        return any(loc[:length] in self.refused for length in range(len(loc) + 1))

    def _origin(self, loc: Loc) -> Loc:
        """Return where in the file a value stands that may have been moved, and so may what is around it."""
        for length in range(len(loc), 0, -1):
            if loc[:length] in self.moved:
                loc = (*self.moved[loc[:length]], *loc[length:])
        return loc
