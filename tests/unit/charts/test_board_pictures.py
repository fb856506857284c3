"""Boards as pictures: drawn by typst for real, and compared as pictures."""

import asyncio
import math
import re
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from bot.charts import renderer
from bot.charts.renderer import TypstCharts
from bot.services.boards import Board, BoardRow

SHOWN_WIDE = 270  #: pixels that a phone has for a picture in a card
DISCORD_IMAGE = 256 * 1024  #: what we promise a board stays under
NAMES = (
    "山田太郎さん",
    "محمد العربي",
    "שלום עולם",
    "प्रिया शर्मा",
    "สมชาย ใจดี",
    "김민수",
    "Zoë 👩‍👩‍👧‍👦🇩🇪👍🏽❤️1️⃣",
    "The Extraordinarily Long-Named W",
    '#let x = $y$ *b* _i_ \\ "q" @here',
    "Ｗｉｄｅ 𝓕𝓪𝓷𝓬𝔂 ★彡",
)

#: Two words of as many letters: a font that lacks the script would draw the same boxes for both.
WORDS = {
    "Latin": ("Ada", "Eve"),
    "Greek": ("Νίκ", "Ζωή"),
    "Cyrillic": ("Оля", "Ира"),
    "Arabic": ("سعد", "مها"),
    "Hebrew": ("נעם", "גיל"),
    "Devanagari": ("कमल", "सरल"),
    "Bengali": ("কমল", "সরল"),
    "Gurmukhi": ("ਕਮਲ", "ਸਰਲ"),
    "Gujarati": ("કમલ", "સરલ"),
    "Oriya": ("କମଳ", "ସରଳ"),
    "Tamil": ("கமல", "சரல"),
    "Telugu": ("కమల", "సరల"),
    "Kannada": ("ಕಮಲ", "ಸರಲ"),
    "Malayalam": ("കമല", "സരല"),
    "Sinhala": ("කමල", "සරල"),
    "Thai": ("กมล", "ชวน"),
    "Lao": ("ກມລ", "ຊວນ"),
    "Khmer": ("កមល", "សរន"),
    "Myanmar": ("ကမလ", "သရန"),
    "Ethiopic": ("ሀለሐ", "መሠረ"),
    "Armenian": ("Անի", "Գոռ"),
    "Georgian": ("ანა", "ეკა"),
    "Chinese": ("王小明", "李大同"),
    "Japanese": ("さくら", "ヒカリ"),
    "Korean": ("김민수", "박지훈"),
    "emoji": ("🦊🐢", "🐙🦉"),
    "new emoji": ("🫠", "🫡"),
    "flags": ("🇩🇪", "🇧🇷"),
    "symbols": ("★♪", "☂♛"),
    "fancy letters": ("𝓐𝕭", "𝓒𝕯"),
}


@pytest.fixture(scope="module")
def charts() -> TypstCharts:
    return TypstCharts()


def make_row(**overrides: object) -> BoardRow:
    row = BoardRow(rank=4, name="Ada", score="7 of 10", detail="answered in 41.2 s", share=0.7)
    return replace(row, **overrides)


def make_board(*rows: BoardRow) -> Board:
    return Board(rows)


def make_full_board() -> Board:
    rows = (make_row(rank=rank, name=name, share=1 - rank / 20) for rank, name in enumerate(NAMES, start=1))
    return make_board(*rows)


def measure(png: bytes) -> tuple[int, int]:
    """Return width and height as the header of the PNG says them."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert png[12:16] == b"IHDR"
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def find_difference(one: bytes, other: bytes) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what two pictures of the same size do not share."""
    pictures = [Image.open(BytesIO(png)).convert("RGB") for png in (one, other)]
    assert pictures[0].size == pictures[1].size
    box = ImageChops.difference(*pictures).getbbox()
    assert box is not None
    return box


async def test_a_full_board_is_sharp_and_small(charts: TypstCharts):
    png = await charts.render_board(make_full_board())
    width, height = measure(png)
    assert 2 * SHOWN_WIDE <= width <= 3 * SHOWN_WIDE
    assert height <= 1000, "every pixel has to be filled and compressed"
    assert len(png) < DISCORD_IMAGE


async def test_a_board_grows_with_its_rows(charts: TypstCharts):
    sizes = [measure(await charts.render_board(make_board(*[make_row()] * count))) for count in (0, 1, 5, 10)]
    widths, heights = zip(*sizes, strict=True)
    assert len(set(widths)) == 1
    assert list(heights) == sorted(set(heights))


#: How wide a phone of 390 pixels shows a picture in a card: the rest is the avatar and the margins.
PHONE_PICTURE = 265
TEMPLATE = Path(renderer.__file__).with_name("board.typ").read_text("utf-8")


def test_the_smallest_type_is_eleven_pixels_on_a_phone() -> None:
    (width,) = re.findall(r"#let width = ([\d.]+)pt", TEMPLATE)
    sizes = [float(size) for size in re.findall(r"(?:size: |#let small = )([\d.]+)pt", TEMPLATE)]
    assert len(sizes) >= 4
    assert min(sizes) * PHONE_PICTURE / float(width) >= 11


async def test_the_winner_s_lines_and_a_full_board_fit_a_phone_s_screen(charts: TypstCharts):
    """844 pixels less what the app itself takes leave 660; title and facts take up to 160 of them."""
    width, height = measure(await charts.render_board(make_full_board()))
    assert height * PHONE_PICTURE / width <= 500


async def test_the_corners_are_round(charts: TypstCharts):
    picture = Image.open(BytesIO(await charts.render_board(make_full_board()))).convert("RGBA")
    right, bottom = picture.width - 1, picture.height - 1
    for corner in ((0, 0), (right, 0), (0, bottom), (right, bottom)):
        assert picture.getpixel(corner) == (0, 0, 0, 0)


async def test_the_same_board_is_the_same_picture_everywhere(charts: TypstCharts):
    board = make_full_board()
    assert await charts.render_board(board) == await TypstCharts().render_board(board)


@pytest.mark.parametrize("script", WORDS)
async def test_names_are_letters_and_not_boxes_in(charts: TypstCharts, script: str):
    one, other = [await charts.render_board(make_board(make_row(name=word))) for word in WORDS[script]]
    assert one != other


async def test_letters_no_font_has_are_the_same_boxes(charts: TypstCharts):
    """Says that the test above would notice a missing font."""
    one, other = [await charts.render_board(make_board(make_row(name=name))) for name in ("\u0378", "\u0379")]
    assert one == other


@pytest.mark.parametrize("parts", ["👩‍👩‍👧", "👍🏽", "🇩🇪", "🏳️‍🌈"])
async def test_an_emoji_of_several_parts_is_one(charts: TypstCharts, parts: str):
    def right_edge(name: bytes) -> int:
        return find_difference(name, blank)[2]

    blank = await charts.render_board(make_board(make_row(name="·")))
    whole = await charts.render_board(make_board(make_row(name=parts)))
    apart = await charts.render_board(make_board(make_row(name=" ".join(parts))))
    assert right_edge(whole) < right_edge(apart)


@pytest.mark.parametrize(
    "name", ["שלום", "محمد 123 العربي", "W" * 32, "ﷺ" * 32, "漢字" * 16, "👩‍👩‍👧‍👦" * 32]
)
async def test_a_name_stays_between_its_rank_and_its_score(charts: TypstCharts, name: str):
    one = await charts.render_board(make_board(make_row(name="Ada"), make_row(name="Eve")))
    other = await charts.render_board(make_board(make_row(name=name), make_row(name="Eve")))
    width, height = measure(one)
    left, top, right, bottom = find_difference(one, other)
    assert left > 0.1 * width
    assert right < 0.78 * width
    assert top > 0.1 * height
    assert bottom < 0.4 * height


async def test_a_name_too_long_ends_in_an_ellipsis(charts: TypstCharts):
    cut = await charts.render_board(make_board(make_row(name="W" * 32)))
    shorter = [await charts.render_board(make_board(make_row(name="W" * count + "…"))) for count in range(18)]
    assert cut in shorter


async def test_a_name_from_right_to_left_ends_on_its_left(charts: TypstCharts):
    mark = "\u200f"  # says explicitly what the name's first letter should decide
    name = await charts.render_board(make_board(make_row(name="שלום!")))
    assert name == await charts.render_board(make_board(make_row(name="שלום!" + mark)))


@pytest.mark.parametrize("pile", ["o\u030a\u0308\u0302\u0323\u0331" * 3, "\u0e2a" + "\u0e47\u0e4c" * 15])
async def test_marks_piled_on_a_letter_stay_in_their_row(charts: TypstCharts, pile: str):
    plain = await charts.render_board(make_board(*[make_row(name="ooo")] * 3))
    piled = await charts.render_board(
        make_board(make_row(name="ooo"), make_row(name=pile), make_row(name="ooo"))
    )
    _, height = measure(plain)
    _, top, _, bottom = find_difference(plain, piled)
    assert bottom - top < 0.2 * height


@pytest.mark.parametrize(
    "name",
    [
        "#panic()",
        '#import "x.typ"',
        "#let x = 1",
        "$x$",
        "*b*",
        "_i_",
        "= Heading",
        "- item",
        "/ a: b",
        "\\",
        '"',
        "`",
        "<label>",
        "@here",
        "//",
        "/*",
        "]",
        "})",
        '", "rank": 1, "x": "',
        "\\u{41}",
        "---",
        "~",
    ],
)
async def test_markup_in_a_name_is_only_letters(charts: TypstCharts, name: str):
    png = await charts.render_board(make_board(make_row(name=name)))
    reference = await charts.render_board(make_board(make_row(name="W" * 12)))
    left, _, right, _ = find_difference(png, reference)
    assert measure(png)[0] * 0.1 < left < right < measure(png)[0] * 0.78


async def test_markup_is_drawn_and_not_obeyed(charts: TypstCharts):
    pictures = [
        await charts.render_board(make_board(make_row(name=name))) for name in ("b", "*b*", "_b_", "$b$")
    ]
    assert len(set(pictures)) == 4


@pytest.mark.parametrize("name", ["", "\u200b\u200d", "\u3164", "\n"])
async def test_a_name_that_shows_nothing_is_a_dash(charts: TypstCharts, name: str):
    assert await charts.render_board(make_board(make_row(name=name))) == await charts.render_board(
        make_board(make_row(name="—"))
    )


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(-0.5, 0.0), (1.7, 1.0), (math.inf, 1.0), (math.nan, 0.0)],
    ids=["low", "high", "inf", "nan"],
)
async def test_a_bar_is_never_longer_than_its_groove(charts: TypstCharts, share: float, drawn: float):
    assert await charts.render_board(make_board(make_row(share=share))) == await charts.render_board(
        make_board(make_row(share=drawn))
    )


async def test_the_bar_is_as_long_as_the_share(charts: TypstCharts):
    empty, half, full = [
        find_difference(
            await charts.render_board(make_board(make_row(share=share))),
            await charts.render_board(make_board(make_row(share=0.0))),
        )
        for share in (0.02, 0.5, 1.0)
    ]
    assert empty[0] == half[0] == full[0]
    assert half[2] - half[0] == pytest.approx((full[2] - full[0]) / 2, abs=2)


async def test_the_first_three_ranks_look_different_from_the_rest(charts: TypstCharts):
    tied = await charts.render_board(make_board(make_row(rank=1), make_row(rank=1)))
    ranked = await charts.render_board(make_board(make_row(rank=1), make_row(rank=4)))
    colours = [
        Image.open(BytesIO(await charts.render_board(make_board(make_row(rank=rank)))))
        .convert("RGB")
        .getcolors(1 << 20)
        for rank in (1, 2, 3, 4)
    ]
    most_used = [
        frozenset(colour for _, colour in sorted(found or [], reverse=True)[:4]) for found in colours
    ]
    assert len(set(most_used)) == 4
    assert tied != ranked


@pytest.mark.parametrize("rank", [0, 11, 12345])
async def test_any_rank_can_be_drawn(charts: TypstCharts, rank: int):
    assert measure(await charts.render_board(make_board(make_row(rank=rank))))[0] >= 2 * SHOWN_WIDE


async def test_boards_drawn_at_the_same_time_do_not_mix(charts: TypstCharts):
    boards = [make_board(make_row(name=name), make_row(name=f"Player {name[:3]}")) for name in NAMES]
    one_by_one = [await charts.render_board(board) for board in boards]
    assert await asyncio.gather(*map(charts.render_board, boards)) == one_by_one


async def test_the_event_loop_goes_on_while_a_board_is_drawn(charts: TypstCharts):
    happened: list[str] = []

    async def draw() -> None:
        await charts.render_board(make_full_board())
        happened.append("the board is drawn")

    async def work() -> None:
        happened.append("another task ran")

    await asyncio.gather(draw(), work())
    assert happened == ["another task ran", "the board is drawn"]


async def test_warming_up_changes_no_picture(charts: TypstCharts):
    warm = TypstCharts()
    await warm.warm_up()
    assert await warm.render_board(make_full_board()) == await charts.render_board(make_full_board())


def test_typst_is_not_loaded_before_the_first_picture():
    look = "import sys; from bot.charts.renderer import TypstCharts as T; T(); print('typst' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(st.characters(exclude_categories=()), max_size=40))
async def test_any_name_at_all_makes_a_board_of_the_same_size(charts: TypstCharts, name: str):
    reference = await charts.render_board(make_board(make_row()))
    png = await charts.render_board(make_board(make_row(name=name, detail=name, score=name)))
    assert measure(png) == measure(reference)
