"""Names are plain text; quiz texts are the Markdown that authors meant, less what reaches out of them."""

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.ui.escape import MAX_NAME, escape_name, escape_quiz_text, plain_name, plain_text

# --- names ----------------------------------------------------------------------------------------------

NAMES = [
    ("Ana", "Ana"),
    ("Ana María", "Ana María"),
    ("  Ana   B  ", "Ana B"),
    ("*Ana*", r"\*Ana\*"),
    ("__Ana__", r"\_\_Ana\_\_"),
    ("~~Ana~~ ||B||", r"\~\~Ana\~\~ \|\|B\|\|"),
    ("`Ana`", r"\`Ana\`"),
    ("# Ana", r"\# Ana"),
    ("-# Ana", r"\-\# Ana"),
    ("> Ana", r"\> Ana"),
    ("- Ana", r"\- Ana"),
    ("1. Ana", r"1\. Ana"),
    ("[Ana](https://x.y)", r"\[Ana\]\(https\://x\.y\)"),
    ("https://x.y", r"https\://x\.y"),
    ("<@123>", r"\<\@123\>"),
    ("<@&123>", r"\<\@&123\>"),
    ("<#123>", r"\<\#123\>"),
    ("</quiz:123>", r"\</quiz\:123\>"),
    ("<t:0:R>", r"\<t\:0\:R\>"),
    ("<:e:1>", r"\<\:e\:1\>"),
    ("@everyone", r"\@everyone"),
    (":skull:", r"\:skull\:"),
    (r"\*Ana\*", r"\\\*Ana\\\*"),
    ("Ana\nBo", "Ana Bo"),
    ("Ana\u202eoB", "AnaoB"),
    ("A\u200bna\ufeff", "Ana"),
    ("Ana\u0000\u0007", "Ana"),
    ("e\u0301", "é"),
    ("Z\u0301\u0302\u0303\u0304\u0305\u0306", "Ź\u0302\u0303\u0304"),
    ("میخواهم", "میخواهم"),
    ("می\u200cخواهم", "می\u200cخواهم"),
    ("👩\u200d🚀", "👩\u200d🚀"),
    ("李小龍", "李小龍"),
    ("", "somebody"),
    ("   ", "somebody"),
    ("\u200b\u200d\u202e", "somebody"),
    ("\u3164", "somebody"),  # Hangul filler: a letter that nobody sees
    ("\u2800\u2800", "somebody"),  # Braille without dots
    ("\u115f\u1160\uffa0", "somebody"),
    ("\ufe0f\u0301", "somebody"),  # marks on nothing
    ("x" * 32, "x" * 32),
    ("x" * 33, "x" * 31 + "…"),
    ("x" * 30 + " y z", "x" * 30 + "…"),
]


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_a_name_is_shown_as_it_reads(name: str, shown: str) -> None:
    assert escape_name(name) == f"\u2068{shown}\u2069", "isolated, so that it reorders nothing beside it"


#: What means something in Discord's Markdown, wherever it stands or at the start of a line.
CONTROLS = set("\\*_~|`>#-[]()<:@")
names = st.text() | st.text("*_~|`>#-[]()<:@.!+=\\/&1ae \n\u200b\u200d\u202e\u0301", max_size=40)


@given(names)
def test_nothing_in_a_name_means_anything_to_discord(name: str) -> None:
    shown = escape_name(name)
    unescaped = re.sub(r"\\(.)", "", shown)
    assert not CONTROLS & set(unescaped), shown
    assert not re.match(r"\d+\.\s", unescaped)
    assert "\n" not in shown


@given(names)
def test_a_name_never_looks_empty_and_never_hides_anything(name: str) -> None:
    shown = plain_name(name)
    assert 1 <= len(shown) <= MAX_NAME
    assert shown == shown.strip()
    assert any(unicodedata.category(character)[0] in "LNPS" for character in shown)
    hidden = {one for one in shown if unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}}
    assert hidden <= set("\u200c\u200d")


@given(st.text("abc XYZ äöü李", max_size=32))
def test_an_ordinary_name_is_left_alone(name: str) -> None:
    expected = " ".join(unicodedata.normalize("NFC", name).split())
    assert escape_name(name)[1:-1] == (expected or "somebody")


# --- quiz texts -----------------------------------------------------------------------------------------

TEXTS = [
    ("Plain text.", "Plain text."),
    ("  stripped \n", "stripped"),
    ("They serve to ______.", r"They serve to \_\_\_\_\_\_."),
    ("__ and ______", r"\_\_ and \_\_\_\_\_\_"),
    ("snake_case and *emphasis* stay", r"snake\_case and *emphasis* stay"),
    ("**bold**, ~~gone~~, ||hidden||", "**bold**, ~~gone~~, ||hidden||"),
    ("> quote\n- list", "\\> quote\n- list"),
    ("# no heading\n-# no small print", "\\# no heading\n\\-# no small print"),
    ("see https://x.y/a_b_c and d_", r"see https://x.y/a_b_c and d\_"),
    ("https://x.y<@1>", r"<https://x.y>\<@1>"),
    ("https://x.y*<@1>", r"<https://x.y>\*\<@1>"),
    ("**https://x.y** *in https://x.y/a_b*", "**<https://x.y>** *in <https://x.y/a_b>*"),
    ("<https://x.y/a_b>", "<https://x.y/a_b>"),
    (r"https://x.y\<@1>", r"<https://x.y>\<@1>"),
    ("a <b> and x < y", "a <b> and x < y"),
    ("<@123> <@!123> <@&5>", r"\<@123> \<@!123> \<@&5>"),
    ("<#9> </quiz list:7> <id:guide>", r"\<#9> \</quiz list:7> \<id:guide>"),
    ("<t:0> <t:0:R> <:e:1> <a:e:1>", r"\<t:0> \<t:0:R> \<:e:1> \<a:e:1>"),
    ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
    ("[a](https://x.y)", "[a]\\(https://x.y)"),
    ("[a] (b) and f(x)[i](y)", "[a] (b) and f(x)[i]\\(y)"),
    ("see https://x.y", "see https://x.y"),
    (r"\<@123>", r"\<@123>"),  # the author has escaped it already
    (r"\\<@123>", r"\\\<@123>"),
    (r"\[a](https://x.y)", r"\[a]\(https://x.y)"),
    (r"\_\_\_", r"\_\_\_"),
    ("`<@1> __x__`", "`<@1> __x__`"),
    ("```py\n__x__ <@1> [a](b)\n```", "```py\n__x__ <@1> [a](b)\n```"),
    ("__ `__` __ ```__``` __", r"\_\_ `__` \_\_ ```__``` \_\_"),
    ("``a ` __b__`` __", r"``a ` __b__`` \_\_"),  # two backticks hold one
    (r"\`<@1> __x__\`", r"\`\<@1> \_\_x\_\_\`"),  # escaped backticks are no code
    ("a ` alone <@1>", r"a \` alone \<@1>"),
    ("`a\nb` __", "\\`a\nb\\` \\_\\_"),  # code in a line ends in it
    ("``a`", r"\`\`a\`"),
    (r"\@everyone", "\\@\u200beveryone"),
]


@pytest.mark.parametrize(("written", "shown"), TEXTS)
def test_a_quiz_text_is_shown_as_its_author_meant_it(written: str, shown: str) -> None:
    assert escape_quiz_text(written) == shown


#: Discord's own idea of code, near enough: fences first, then as many backticks at the end as at the start.
CODE = re.compile(r"\\[^a-zA-Z0-9\s]|(```.+?```|(`+)(?!`).+?(?<!`)\2(?!`))", re.DOTALL)
MENTION = re.compile(r"<(?:@[!&]?\d+|#\d+|/[-\w ]+:\d+|id:\w+|t:-?\d+(?::\w)?|a?:\w+:\d+)>")
LINK = re.compile(r"\[[^\]]*\]\([^)]*\)")
texts = st.text("`_*<@#/:>[]()\\ \n1ae&!", max_size=40) | st.lists(
    st.sampled_from(
        [
            "`",
            "```",
            "__",
            "______",
            "<@1>",
            "<#2>",
            "</a:3>",
            "<t:0:R>",
            "<:e:1>",
            "[a](b)",
            "@everyone",
            "\\",
            " ",
            "x",
            "\n",
        ]
    ),
    max_size=12,
).map("".join)


def outside_of_code(shown: str) -> str:
    """Return what Discord reads as Markdown: no code, and nothing that a backslash takes its meaning from."""
    return CODE.sub(lambda match: " " if match[1] else "·", shown)


@given(texts)
@example("\\<@1>")
@example("\\`<@1>\\`")
@example("``<@1>`")
def test_no_mention_no_link_and_no_ping_survives_in_a_quiz_text(written: str) -> None:
    shown = outside_of_code(escape_quiz_text(written))
    assert not MENTION.search(shown), shown
    assert not LINK.search(shown), shown
    assert "@everyone" not in shown


@given(texts)
def test_blanks_survive_in_a_quiz_text(written: str) -> None:
    shown = outside_of_code(escape_quiz_text(written))
    assert "__" not in shown


@given(
    st.text("ab_<@1>[]()* ", min_size=1, max_size=30).filter(lambda code: bool(code.strip())),
    st.text("xy \n.", max_size=10),
)
def test_code_keeps_every_character(code: str, around: str) -> None:
    for block in (f"`{code}`", f"```{code}```", f"```py\n{code}\n```", f"``{code}``"):
        assert block in escape_quiz_text(f"x{around}{block}{around}x")


@given(st.text("abc äöü李.,;!?'\"…—0123456789", max_size=60))
def test_prose_is_left_alone(prose: str) -> None:
    assume(not re.match(r"\s*\d+\.\s", prose))  # which would be a list
    assert escape_quiz_text(prose) == prose.strip()


# --- our own sentences where Discord shows no Markdown ------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("Write `fri 16:00` or `in 2 hours`.", "Write “fri 16:00” or “in 2 hours”."),
        ("It needs neither **until** nor **times**.", "It needs neither until nor times."),
        (r"I cannot read “\_\_a\`\<@1>”.", "I cannot read “__a`<@1>”."),
    ],
)
def test_a_sentence_is_shown_without_its_markdown_where_there_is_none(sentence: str, plain: str) -> None:
    assert plain_text(sentence) == plain
