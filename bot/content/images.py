"""Pictures next to a quiz file: plainly named, small enough, and of the type their name says."""

from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.pictures import Image

MAX_IMAGE_BYTES = 2 * 1024 * 1024
MAX_QUIZ_IMAGE_BYTES = 8 * 1024 * 1024

_MIB = 1024 * 1024


@dataclass(slots=True)
class ImageShelf:
    """Reads the pictures of one quiz, each once, and keeps count of their bytes."""

    folder: Path | None  #: None: the quiz came without a folder, as an upload does
    _read: dict[str, Image | str] = field(default_factory=dict[str, Image | str])
    _bytes: int = 0

    def find(self, name: str) -> Image | str:
        """Return the picture, or the sentence that says why it cannot be used."""
        if name not in self._read and self._bytes <= MAX_QUIZ_IMAGE_BYTES:
            self._read[name] = self._load(name)
        image = self._read.get(name)
        if isinstance(image, str):
            return image
        self._bytes += len(image.data) if image else 0
        if image is None or self._bytes > MAX_QUIZ_IMAGE_BYTES:
            limit = MAX_QUIZ_IMAGE_BYTES // _MIB
            return f"this takes the quiz's pictures over {limit} MiB; make some smaller"
        return image

    def _load(self, name: str) -> Image | str:
        if self.folder is None:
            return f"{name} was not sent along; remove the picture, or keep the quiz in a folder with it"
        try:
            data = _read_beside(self.folder, name)
        except OSError as error:
            return f"{name} cannot be read ({error.strerror}); check its permissions"
        return data if isinstance(data, str) else _judge(name, data)


def _read_beside(folder: Path, name: str) -> bytes | str:
    path = folder / name
    if not path.is_file():
        return f"{name} is not next to the quiz file; put it there or correct its name"
    target = path.resolve()  # container platforms mount files as links: a.png -> ..data/a.png
    if not target.is_relative_to(folder.resolve()):
        return f"{name} is a link to another folder; put the picture itself next to the quiz file"
    with target.open("rb") as file:
        return file.read(MAX_IMAGE_BYTES + 1)


def _judge(name: str, data: bytes) -> Image | str:
    if len(data) > MAX_IMAGE_BYTES:
        return f"{name} is larger than {MAX_IMAGE_BYTES // _MIB} MiB; make it smaller"
    kind = _kind(data)
    stem, _, suffix = name.rpartition(".")
    if kind is None:
        return f"{name} is not a PNG, JPEG, GIF or WebP picture; save it as one of these"
    if kind != suffix.replace("jpeg", "jpg"):
        return f"{name} is a {kind.upper()} picture; rename it to {stem}.{kind}"
    return Image.of(name, data)


def _kind(data: bytes) -> str | None:
    """Return what a picture is by its first bytes; its name proves nothing."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if data.startswith(b"RIFF") and data[8:12] == b"WEBP" else None
