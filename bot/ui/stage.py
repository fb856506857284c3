"""The stage in Discord: shows a round's cards in its channel or thread."""

import io
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import discord
from discord import ui

from bot.domain.round import Round, RoundState
from bot.domain.tally import Verdict
from bot.services.boards import Board, Charts
from bot.services.errors import InTimeOut, MissingPermissions, QuizhostError
from bot.services.ports import (
    AnnouncementCard,
    Card,
    MessageGone,
    Notice,
    Places,
    Posted,
    QuestionCard,
    ResultCard,
    RevealCard,
)
from bot.text import rounds as words
from bot.ui.cards import results, rounds
from bot.ui.escape import escape_quiz_text
from bot.ui.faults import faults
from bot.ui.guard import permission_titles
from bot.ui.notices import Notices
from bot.ui.pacer import Pacer, due
from bot.ui.places import Sight, look
from bot.ui.posting import NO_MENTIONS, make_nonce
from bot.ui.receipts import Receipts

log = logging.getLogger(__name__)

#: What Discord calls an error code (docs.discord.com, opcodes and status codes).
THREAD_EXISTS = 160004

MAX_THREAD_NAME = 100


class DiscordStage:
    """Implements `bot.services.ports.Stage`."""

    def __init__(
        self,
        client: discord.Client,
        charts: Charts,
        places: Places,
        notices: Notices,
        pacer: Pacer,
        *,
        receipts: Receipts,
        before_question: Callable[[], None] | None = None,
    ) -> None:
        self._client, self._charts, self._places, self._notices = client, charts, places, notices
        self._pacer = pacer
        self._receipts = receipts
        self._before_question = before_question  #: called when clicks are about to come

    async def look_up(self, server_id: int, channel_id: int) -> None:
        """Look up an archived thread for `check`."""
        await self._places.look_up(server_id, channel_id)

    def check(self, server_id: int, channel_id: int, *, thread: bool) -> None:
        """Raise if a round cannot be played there; from the cache, without a request."""
        self._places.check(server_id, channel_id, thread=thread)

    def has_room(self) -> bool:
        """Tell whether Discord has room now for something optional."""
        return self._pacer.has_room()

    def delay(self, card: Card) -> timedelta:
        """Return how long a card would wait for its turn now."""
        return timedelta(seconds=self._pacer.delay(self._due_at(card)))

    async def post(self, card: Card) -> Posted:
        """Post a card; its nonce makes Discord return the first message if we post it again."""
        if self._before_question is not None and isinstance(card, QuestionCard):
            self._before_question()
        view, files = await self._render(card)
        place = _place_of(card)
        async with faults(self._seeing(card.round, place)):
            channel = self._client.get_partial_messageable(place, guild_id=card.round.id.server_id)
            with due(self._due_at(card)):
                message = await channel.send(view=view, files=files, nonce=_nonce(card))
        return Posted(message.id, message.created_at)

    async def edit(self, card: AnnouncementCard | QuestionCard | RevealCard) -> None:
        """Show the card on the announcement's or the current question's message."""
        announced = isinstance(card, AnnouncementCard)
        message_id = card.round.announcement_id if announced else card.round.current.message_id
        if message_id is None:
            raise MessageGone
        view, _ = await self._render(card)
        place = _place_of(card)
        async with faults(self._seeing(card.round, place), editing=True):
            channel = self._client.get_partial_messageable(place)
            with due(self._due_at(card)):
                await channel.get_partial_message(message_id).edit(view=view, allowed_mentions=NO_MENTIONS)

    async def open_thread(self, played: Round) -> int:
        """Open a thread below the announcement. Its id is the announcement's, so it can be opened twice."""
        if played.announcement_id is None:
            raise MessageGone
        async with faults(self._seeing(played, played.channel_id, thread=True)):
            channel = self._client.get_partial_messageable(played.channel_id, guild_id=played.id.server_id)
            message = channel.get_partial_message(played.announcement_id)
            try:
                with due(played.due_at or self._pacer.now()):
                    await message.create_thread(name=played.quiz.title[:MAX_THREAD_NAME])
            except discord.HTTPException as error:
                if error.code != THREAD_EXISTS:
                    raise
        return played.announcement_id

    def tell_players(
        self, played: Round, verdicts: Mapping[int, Verdict], is_wanted: Callable[[], bool]
    ) -> None:
        """Write on the receipts of the current question how its answers turned out."""

        def sentence_of(player_id: int) -> str | None:
            verdict = verdicts.get(player_id)
            return None if verdict is None else rounds.verdict(played, verdict)

        self._receipts.tell(played.id, played.current.number, sentence_of, is_wanted)

    async def tell_host(self, played: Round, notice: Notice) -> None:
        """Tell the server's moderators or whoever started the round."""
        title = escape_quiz_text(played.quiz.title)
        sentence = words.notice(notice.value, title, played.place_id, self._obstacle(played))
        nonce = make_nonce(*played.id, "n", played.revision)
        await self._notices.tell(played.id.server_id, played.host_id, sentence, nonce)

    def _obstacle(self, played: Round) -> str:
        """Return what keeps the bot from posting where the round is, as far as the gateway knows."""
        try:
            self._places.check(played.id.server_id, played.place_id, thread=False)
        except MissingPermissions as error:
            return words.lacks_permissions(permission_titles(error.permissions))
        except InTimeOut as error:
            return words.sits_in_time_out(error.until)
        except QuizhostError as error:
            log.info("round %s: %r", played.id, error)
        return words.may_not_post()

    def _due_at(self, card: Card) -> datetime:
        """Return when a card should be seen: an announcement by the time at which its round begins."""
        now = self._pacer.now()
        match card:
            case AnnouncementCard():
                return card.round.due_at or now
            case RevealCard():
                return min(card.round.current.closes_at or now, now)
            case QuestionCard() | ResultCard():
                return now

    def _seeing(self, played: Round, place_id: int, *, thread: bool = False) -> Callable[[], Sight]:
        return lambda: look(self._client, played.id.server_id, place_id, thread=thread)

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
        """Draw a board, or do without one: the end of a round must not depend on a picture."""
        try:
            return await self._charts.render_board(board)
        except Exception:  # whatever the renderer meets
            log.exception("the board could not be drawn")
            return None


def _place_of(card: Card) -> int:
    return card.round.channel_id if isinstance(card, AnnouncementCard) else card.round.place_id


def _question_files(played: Round) -> list[discord.File]:
    image = played.question(played.current).image
    if image is None:
        return []
    return [discord.File(io.BytesIO(image.data), rounds.image_name(image))]


def _nonce(card: Card) -> str:
    """Return what identifies this post if it is repeated: at most 25 characters.

    A question posted again because its message was deleted is a different post.
    """
    played = card.round
    match card:
        case AnnouncementCard():
            kind = "a"
        case ResultCard():
            kind = "z"
        case QuestionCard() | RevealCard():
            replaced = (played.current.message_id or 0) % 36**4
            kind = f"{'q' if played.state is RoundState.ASKING else 'r'}{played.position}"
            return make_nonce(*played.id, kind, replaced)
    return make_nonce(*played.id, kind)
