"""What Discord says when it refuses, by its published error codes."""

from typing import Any


class Refused(Exception):
    """An error reply: HTTP status, Discord's code, and its message."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: dict[str, Any] = {"message": message, "code": code, **more}


def unknown_channel() -> Refused:
    """No such channel."""
    return Refused(404, 10003, "Unknown Channel")


def unknown_message() -> Refused:
    """No such message."""
    return Refused(404, 10008, "Unknown Message")


def unknown_webhook() -> Refused:
    """No such interaction token."""
    return Refused(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refused:
    """No such interaction, or its three seconds are over."""
    return Refused(404, 10062, "Unknown interaction")


def already_acknowledged() -> Refused:
    """The interaction has its first response."""
    return Refused(400, 40060, "Interaction has already been acknowledged.")


def thread_exists() -> Refused:
    """The message has a thread."""
    return Refused(400, 160004, "A thread has already been created for this message")


def unauthorized() -> Refused:
    """The token is none."""
    return Refused(401, 0, "401: Unauthorized")


def too_many_requests() -> Refused:
    """The bot has sent too much in this second."""
    return Refused(429, 0, "You are being rate limited.", retry_after=1.0, **{"global": True})


def not_here(method: str, path: str) -> Refused:
    """A route that the stand-in does not know: never a silent success."""
    return Refused(501, 0, f"the stand-in does not know {method} {path}")
