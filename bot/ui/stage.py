"""The stage in Discord: shows a round's cards in its channel or thread."""

import asyncio
import io
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import aiohttp
import discord
from discord import ui

from bot import text
from bot.domain.round import Round, RoundState
from bot.services.boards import Board, Charts
from bot.services.ports import (
    AnnouncementCard,
    Card,
    MessageGone,
    Notice,
    PlaceClosed,
    PlaceGone,
    Places,
    Posted,
    QuestionCard,
    ResultCard,
    RevealCard,
    StageRefused,
    StageUnavailable,
)
from bot.ui.cards import results, rounds
from bot.ui.escape import escape_quiz_text
from bot.ui.notices import MAX_NONCE, Notices

log = logging.getLogger(__name__)

#: What Discord calls an error code (docs.discord.com, opcodes and status codes).
UNKNOWN_MESSAGE = 10008
THREAD_EXISTS = 160004
THREAD_ARCHIVED = 50083

#: How long a call may take, with discord.py's own retries (1 + 3 + 5 + 7 + 9 seconds) in it.
CALL_SECONDS = 60

#: discord.py hands the client's setting on with new messages, but not with an edit that has no content.
NO_MENTIONS = discord.AllowedMentions.none()

MAX_THREAD_NAME = 100


class DiscordStage:
    """Implements `bot.services.ports.Stage`."""

    def __init__(
        self,
        client: discord.Client,
        charts: Charts,
        places: Places,
        notices: Notices,
        *,
        before_question: Callable[[], None] | None = None,
    ) -> None:
        self._client, self._charts, self._places, self._notices = client, charts, places, notices
        self._before_question = before_question  #: called when clicks are to be expected

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise if a round cannot be played there; from the cache, without a request."""
        self._places.check(server_id, channel_id, thread=thread)

    async def post(self, card: Card) -> Posted:
        """Post a card; its nonce makes Discord give back the first message if we post it again."""
        if self._before_question is not None and isinstance(card, QuestionCard):
            self._before_question()
        view, files = await self._render(card)
        place = card.round.channel_id if isinstance(card, AnnouncementCard) else card.round.place_id
        async with _faults():
            channel = self._client.get_partial_messageable(place, guild_id=card.round.id.server_id)
            message = await channel.send(view=view, files=files, nonce=_nonce(card))
        return Posted(message.id, message.created_at)

    async def edit(self, card: QuestionCard | RevealCard) -> None:
        """Show the card on the current question's message."""
        message_id = card.round.current.message_id
        if message_id is None:
            raise MessageGone
        view, _ = await self._render(card)
        async with _faults(editing=True):
            channel = self._client.get_partial_messageable(card.round.place_id)
            await channel.get_partial_message(message_id).edit(view=view, allowed_mentions=NO_MENTIONS)

    async def open_thread(self, played: Round) -> int:
        """Open a thread below the announcement. Its id is the announcement's, so it can be opened twice."""
        if played.announcement_id is None:
            raise MessageGone
        async with _faults():
            channel = self._client.get_partial_messageable(played.channel_id, guild_id=played.id.server_id)
            message = channel.get_partial_message(played.announcement_id)
            try:
                await message.create_thread(name=played.quiz.title[:MAX_THREAD_NAME])
            except discord.HTTPException as error:
                if error.code != THREAD_EXISTS:
                    raise
        return played.announcement_id

    async def tell_host(self, played: Round, notice: Notice) -> None:
        """Tell the server's moderators or whoever started the round: it answers what they asked for."""
        sentence = text.notice(notice.value, escape_quiz_text(played.quiz.title), played.place_id)
        nonce = f"{_base36(played.id.server_id)}.{_base36(played.id.number)}.n{_base36(played.revision)}"
        await self._notices.tell(played.id.server_id, played.host_id, sentence, nonce)

    async def _render(self, card: Card) -> tuple[ui.LayoutView, list[discord.File]]:
        match card:
            case AnnouncementCard():
                return rounds.announcement(card), []
            case QuestionCard():
                return rounds.question(card), _question_files(card.round)
            case RevealCard():
                return rounds.reveal(card), _question_files(card.round)
            case ResultCard():
                board = results.result_board(card)
                if board is None:
                    return results.result(card, None), []
                png = await self._draw(board)
                if png is None:
                    return results.result(card, None), []
                return results.result(card, board), [discord.File(io.BytesIO(png), results.BOARD_FILE)]

    async def _draw(self, board: Board) -> bytes | None:
        """Draw a board, or do without: a round's end must not depend on a picture."""
        try:
            return await self._charts.render_board(board)
        except Exception:  # whatever the renderer meets
            log.exception("the board could not be drawn")
            return None


def _question_files(played: Round) -> list[discord.File]:
    image = played.question(played.current).image
    if image is None:
        return []
    return [discord.File(io.BytesIO(image.data), rounds.image_name(image))]


def _nonce(card: Card) -> str:
    """Return what makes this post the same one if it is repeated: at most 25 characters.

    A question that is posted again because its message was deleted is another post.
    """
    played = card.round
    match card:
        case AnnouncementCard():
            kind = "a"
        case ResultCard():
            kind = "z"
        case QuestionCard() | RevealCard():
            replaced = (played.current.message_id or 0) % 36**4
            kind = f"{'q' if played.state is RoundState.ASKING else 'r'}{played.position}.{_base36(replaced)}"
    return f"{_base36(played.id.server_id)}.{_base36(played.id.number)}.{kind}"[-MAX_NONCE:]


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    result = ""
    while number:
        number, digit = divmod(number, 36)
        result = digits[digit] + result
    return result or "0"


@asynccontextmanager
async def _faults(*, editing: bool = False) -> AsyncGenerator[None]:
    """Turn what Discord says into what it means for a round.

    A message in an archived thread cannot be edited, but a new one opens the thread again.
    """
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except discord.NotFound as error:
        raise (MessageGone if error.code == UNKNOWN_MESSAGE else PlaceGone) from error
    except discord.Forbidden as error:
        raise PlaceClosed from error
    except discord.HTTPException as error:
        if error.code == THREAD_ARCHIVED:
            raise (MessageGone if editing else PlaceClosed) from error
        passing = error.status >= 500 or error.status == 429
        raise (StageUnavailable if passing else StageRefused) from error
    except (aiohttp.ClientError, TimeoutError, OSError, discord.RateLimited) as error:
        raise StageUnavailable from error
