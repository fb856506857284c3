"""What may be drawn of a text that somebody chose."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.legible import make_legible

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "山田太郎",
        "محمد العربي",
        "שָׁלוֹם",
        "प्रिया शर्मा",
        "ตี๋ใหญ่",
        "தமிழ் செல்வன்",
        "김민수",
        "Việt Đặng",
        "می‌خواهم",  # Persian with a zero-width non-joiner
        "👩‍👩‍👧‍👦🇩🇪👍🏽❤️1️⃣",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",  # the flag of Wales is spelt with tags
        "#let x = $y$ *b* _i_ \\ \" ' @here",
        "( ͡° ͜ʖ ͡°)",
    ],
)
def test_a_name_people_have_stays_as_it_is(name: str):
    assert make_legible(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\n\t",
        "\u200b",
        "\u200d\u200c",
        "\u3164",
        "\u2800\u2800",
        "\u115f\u1160",
        "\u202e",
        "\u0301",
        "꧁꧂",
    ],
)
def test_a_name_that_shows_nothing_is_empty(name: str):
    assert make_legible(name) == ""


def test_lines_and_tabs_become_spaces():
    assert make_legible(" Ada\r\n\tLovelace\u2028Byron ") == "Ada Lovelace Byron"


def test_a_name_cannot_turn_the_line_round():
    assert make_legible("\u202enimda\u202c \u2067x\u2069") == "nimda x"


def test_controls_and_halves_of_characters_go():
    assert make_legible("A\x00d\x1ba\ud83d\ue000") == "Ada"


def test_marks_piled_on_a_letter_are_thinned_out():
    assert make_legible("z" + "\u0301\u0302" * 50 + "algo") == "z\u0301\u0302\u0301algo"
    assert make_legible("\u0e2a" + "\u0e47" * 50) == "\u0e2a\u0e47"


def test_ornaments_no_font_has_go_and_the_name_stays():
    assert make_legible("꧁༺Star༻꧂") == "Star"


@given(ANY_TEXT)
def test_whatever_comes_in_one_line_of_encodable_text_comes_out(text: str):
    drawn = make_legible(text)
    drawn.encode()
    assert drawn == drawn.strip()
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Zl", "Zp"} for char in drawn)


@given(ANY_TEXT)
def test_a_legible_text_is_left_alone(text: str):
    drawn = make_legible(text)
    assert make_legible(drawn) == drawn
