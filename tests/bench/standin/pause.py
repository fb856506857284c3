"""Waiting, in the stand-in's own time, which is the machine's."""

import asyncio


async def pause(seconds: float) -> None:
    """Wait."""
    await asyncio.sleep(seconds)
