"""Schedules in Discord: reminder cards, pings, mirrored events, and what moderators are told."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, assert_never

import discord

from bot.domain.quiz import Quiz
from bot.domain.round import RoundId
from bot.domain.schedule import Schedule, ScheduleId
from bot.services.calendar import LENGTH
from bot.services.errors import EventsNotAllowed, RoleNotPingable
from bot.services.library import Library
from bot.services.ports import PlaceGone, StageUnavailable
from bot.services.schedule_ports import (
    EventLost,
    Missed,
    NewSchedule,
    Ping,
    Refusal,
    ReminderCard,
    ScheduleNotice,
    ZoneLost,
)
from bot.text import schedules as words
from bot.ui.cards import schedules as cards
from bot.ui.escape import escape_quiz_text
from bot.ui.faults import faults
from bot.ui.guard import describe
from bot.ui.notices import Notices
from bot.ui.places import Sight, look, look_at_server, visible_name
from bot.ui.posting import NO_MENTIONS, make_nonce

log = logging.getLogger(__name__)

#: A message holds 2,000 characters and may ping 100 people (docs.discord.com, allowed mentions).
CALLED_AT_ONCE = 75
MAX_EVENT_NAME, MAX_EVENT_TEXT = 100, 1000


class DiscordAnnouncer:
    """Implements `bot.services.schedule_ports.Announcer`."""

    def __init__(self, client: discord.Client, notices: Notices, library: Library) -> None:
        self._client, self._notices, self._library = client, notices, library

    def check(self, schedule: NewSchedule, *, host_may_mention: bool) -> None:
        """Raise if the role cannot be pinged or the event cannot be kept; from the cache."""
        guild = self._guild(schedule.server_id)
        if schedule.ping_role_id is not None:
            role = guild.get_role(schedule.ping_role_id)
            channel = guild.get_channel_or_thread(schedule.channel_id)
            bot_may = channel is not None and channel.permissions_for(guild.me).mention_everyone
            if role is None or role.is_default() or not (role.mentionable or (bot_may and host_may_mention)):
                raise RoleNotPingable(schedule.ping_role_id)
        if schedule.has_event and not _may_keep_events(guild):
            raise EventsNotAllowed

    async def post_reminder(self, card: ReminderCard) -> int:
        """Post the card and ping the role; on a repeat, its nonce makes Discord return the first message."""
        schedule = card.schedule
        role_id = schedule.ping_role_id
        called = (
            NO_MENTIONS
            if role_id is None
            else discord.AllowedMentions(everyone=False, users=False, roles=[discord.Object(role_id)])
        )
        async with faults(self._seeing(schedule.id, schedule.channel_id)):
            channel = self._channel(schedule)
            nonce = make_nonce(*schedule.id, "s", _seconds(card.due_at))
            message = await channel.send(view=cards.reminder(card), allowed_mentions=called, nonce=nonce)
            if message.edited_at is not None:  # an earlier card of a date that was called off and is back on
                await message.edit(view=cards.reminder(card), allowed_mentions=NO_MENTIONS)
        return message.id

    async def edit_reminder(self, card: ReminderCard) -> None:
        """Show on the card what became of its date."""
        if card.occurrence is None or card.occurrence.reminder_id is None:
            return
        schedule = card.schedule
        async with faults(self._seeing(schedule.id, schedule.channel_id), editing=True):
            message = self._channel(schedule).get_partial_message(card.occurrence.reminder_id)
            await message.edit(view=cards.reminder(card), allowed_mentions=NO_MENTIONS)

    async def ping(self, ping: Ping) -> None:
        """Ping a role and people where the round is, in as many messages as needed."""
        played = ping.round
        title = escape_quiz_text(played.quiz.title)
        starts_at = played.due_at if played.position == 0 else None
        for number, start in enumerate(range(0, max(len(ping.player_ids), 1), CALLED_AT_ONCE)):
            users = [discord.Object(one) for one in ping.player_ids[start : start + CALLED_AT_ONCE]]
            roles = [discord.Object(ping.role_id)] if ping.role_id is not None and number == 0 else []
            mentions = [*(f"<@&{role.id}>" for role in roles), *(f"<@{user.id}>" for user in users)]
            async with faults(self._seeing(played.id, played.place_id)):
                channel = self._client.get_partial_messageable(played.place_id, guild_id=played.id.server_id)
                await channel.send(
                    words.ping(mentions, title, starts_at),
                    allowed_mentions=discord.AllowedMentions(
                        everyone=False, users=users or False, roles=roles or False
                    ),
                    nonce=make_nonce(*ping.schedule.id, "c", _seconds(ping.due_at), number),
                )

    async def show_event(self, schedule: Schedule, quiz: Quiz | None, starts_at: datetime) -> int:
        """Move the event to a date, or create it where there is none."""
        guild = self._guild(schedule.id.server_id)
        title = cards.plain_title(schedule, quiz)
        fields: Any = {  # the same for both calls, whose types differ
            "name": words.calendar_summary(title)[:MAX_EVENT_NAME],
            "description": _event_text(schedule, quiz),
            "start_time": starts_at,
            "end_time": starts_at + LENGTH,
            "location": words.calendar_place(visible_name(guild, schedule.channel_id))[:MAX_EVENT_NAME],
        }
        async with faults(self._seeing_events(schedule.id.server_id)):
            event = await self._find_event(guild, schedule)
            if event is None:
                created = await guild.create_scheduled_event(
                    **fields,
                    entity_type=discord.EntityType.external,
                    privacy_level=discord.PrivacyLevel.guild_only,
                )
                return created.id
            await event.edit(**fields)  # if it was deleted meanwhile, the next check creates another one
            return event.id

    async def remove_event(self, schedule: Schedule) -> None:
        """Remove the event, if it is still there."""
        guild = self._guild(schedule.id.server_id)
        async with faults(self._seeing_events(schedule.id.server_id)):
            event = await self._find_event(guild, schedule)
            if event is not None:
                await event.delete()  # if somebody was quicker, the next check finds none

    async def tell_moderators(self, notice: ScheduleNotice) -> None:
        """Say it in the server's log, or to whoever made the schedule."""
        schedule = notice.schedule
        number, title = schedule.id.number, cards.title(schedule, self._library.find(schedule.source))
        match notice:
            case Refusal():
                reason = describe(notice.error) or ""
                sentence = words.refusal(number, title, notice.due_at, reason, notice.until)
                kind = make_nonce("x", _seconds(notice.due_at))
            case Missed():
                sentence = words.missed(number, title, notice.due_at)
                kind = make_nonce("m", _seconds(notice.due_at[-1]))
            case EventLost():
                sentence = words.event_lost(number, title)
                kind = make_nonce("e", schedule.revision)
            case ZoneLost():
                sentence = words.zone_lost(number, title, escape_quiz_text(schedule.zone))
                kind = make_nonce("z", schedule.revision)
            case _:
                assert_never(notice)
        nonce = make_nonce(*schedule.id, kind)
        await self._notices.tell(schedule.id.server_id, schedule.host_id, sentence, nonce)

    async def _find_event(self, guild: discord.Guild, schedule: Schedule) -> discord.ScheduledEvent | None:
        """Return a schedule's event, even one that an earlier process had no time to store."""
        for event in await guild.fetch_scheduled_events(with_counts=False):
            own = event.creator_id == guild.me.id and (event.description or "").endswith(_mark(schedule))
            if event.status is discord.EventStatus.scheduled and (event.id == schedule.event_id or own):
                return event
        return None

    def _guild(self, server_id: int) -> discord.Guild:
        guild = self._client.get_guild(server_id)
        if guild is None:
            raise PlaceGone if self._client.is_ready() else StageUnavailable
        return guild

    def _seeing(self, owner: ScheduleId | RoundId, channel_id: int) -> Callable[[], Sight]:
        return lambda: look(self._client, owner.server_id, channel_id)

    def _seeing_events(self, server_id: int) -> Callable[[], Sight]:
        def see() -> Sight:
            sight, guild = look_at_server(self._client, server_id)
            return Sight.CLOSED if guild is not None and not _may_keep_events(guild) else sight

        return see

    def _channel(self, schedule: Schedule) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(schedule.channel_id, guild_id=schedule.id.server_id)


def _may_keep_events(guild: discord.Guild) -> bool:
    granted = guild.me.guild_permissions
    return granted.create_events or granted.manage_events


def _mark(schedule: Schedule) -> str:
    """Return the line that marks an event as a schedule's."""
    return words.event_description(schedule.id.number, "")


def _event_text(schedule: Schedule, quiz: Quiz | None) -> str:
    introduction = "" if quiz is None else escape_quiz_text(quiz.introduction)
    room = MAX_EVENT_TEXT - len(_mark(schedule)) - 2
    return words.event_description(schedule.id.number, introduction[:room])


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
