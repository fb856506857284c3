"""The doors of the bot: its commands, buttons, menus and forms, and which service each one uses."""

from dataclasses import dataclass

from bot.charts.renderer import TypstCharts
from bot.cogs.leaderboard import LeaderboardCog
from bot.cogs.library import HelpCog, QuizCog
from bot.cogs.rounds import RoundCog
from bot.cogs.schedules import ScheduleCog
from bot.cogs.settings import SettingsCog
from bot.services.library import Library
from bot.services.results import ResultService
from bot.services.rounds import RoundService
from bot.services.schedule_runner import ScheduleRunner
from bot.services.schedules import ScheduleService
from bot.services.settings import SettingsService
from bot.services.steering import SteeringService
from bot.ui.client import QuizBot
from bot.ui.controls.answer import AnswerControl
from bot.ui.controls.confirm import ConfirmControl
from bot.ui.controls.join import JoinControl
from bot.ui.controls.reminder import ReminderControl
from bot.ui.controls.report import ReportControl
from bot.ui.controls.schedules import ScheduleControl
from bot.ui.controls.settings import SettingsPanel
from bot.ui.controls.steer import SteerControl
from bot.ui.custom_ids import (
    AnswerButton,
    ConfirmButton,
    JoinButton,
    ReminderButton,
    ReportButton,
    ScheduleButton,
    ScheduleMenu,
    SettingButton,
    SettingForm,
    SteerButton,
)
from bot.ui.receipts import Receipts
from bot.ui.router import Router
from bot.ui.schedule_panel import SchedulePanel


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases, ready for whoever calls them."""

    library: Library
    settings: SettingsService
    rounds: RoundService
    runner: ScheduleRunner
    schedules: ScheduleService
    results: ResultService


def open_doors(
    bot: QuizBot, services: Services, receipts: Receipts, charts: TypstCharts, *, own_pause: int
) -> None:
    """Connect commands, buttons and forms to the services."""
    library, rounds, schedules = services.library, services.rounds, services.schedules
    panel = SettingsPanel(services.settings, own_pause=own_pause)
    steering = SteeringService(rounds)
    schedule_panel, confirm = SchedulePanel(schedules, library), ConfirmControl()
    router = Router()
    router.add(AnswerButton, AnswerControl(rounds, receipts).press)
    router.add(ReportButton, ReportControl(services.results).press)
    router.add(ReminderButton, ReminderControl(schedules).press)
    router.add(JoinButton, JoinControl(rounds).press)
    router.add(SteerButton, SteerControl(steering).press)
    schedule_control = ScheduleControl(schedules, schedule_panel)
    router.add(ScheduleButton, schedule_control.press)
    router.add(ConfirmButton, confirm.press)
    router.add(ScheduleMenu, schedule_control.choose)
    router.add(SettingButton, panel.ask)
    router.add(SettingForm, panel.submit)
    bot.include(
        RoundCog(rounds, steering, library),
        QuizCog(library),
        LeaderboardCog(services.results, library, charts),
        ScheduleCog(schedules, services.settings, library, schedule_panel, confirm),
        SettingsCog(panel),
        HelpCog(),
    )
    bot.add_listener(router.on_interaction, "on_interaction")
