"""Pictures that belong to a quiz, kept with it so that history can show them."""

import hashlib
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. Its hash stands for its bytes wherever they need not be at hand."""

    name: str
    hash: str  #: SHA-256 of the bytes, in hexadecimal digits
    data: bytes

    @classmethod
    def of(cls, name: str, data: bytes) -> Self:
        """Return a picture from its bytes; hashing takes a millisecond a megabyte."""
        return cls(name, hashlib.sha256(data).hexdigest(), data)
