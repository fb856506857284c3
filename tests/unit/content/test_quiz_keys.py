"""Keys that a quiz does not have: told once, and what stands under them is checked all the same."""

from quiz_texts import good_but, told


def test_what_stands_under_a_wrong_key_is_checked_as_what_it_is_meant_to_be() -> None:
    text = """\
title: Capitals
category: Geography
introduction: One question.
items:
  - prompt: 5
    choices: [Rome, Paris, Rome, {label: yes}]
    answer: Lyon
    why: ""
    time: 4
"""
    assert [(line, column, key, message.partition(";")[0]) for line, column, key, message in told(text)] == [
        (4, 1, "items", "is not a key of a quiz"),
        (5, 5, "question 1, prompt", "is not a key of a question"),
        (6, 5, "question 1, choices", "is not a key of a question"),
        (6, 28, "question 1, option 3", '"Rome" repeats option 1'),
        (6, 35, "question 1, option 4, label", "is not a key of an option"),
        (6, 42, "question 1, option 4, text", "yes is true or false to YAML, not text"),
        (7, 5, "question 1, answer", "is not a key of a question"),
        (7, 13, "question 1, key", '"Lyon" is not one of the options'),
        (8, 5, "question 1, why", "is not a key of a question"),
        (8, 10, "question 1, explanation", "is empty"),
        (9, 5, "question 1, time", "is not a key of a question"),
        (9, 11, "question 1, seconds", "is 4"),
    ]


def test_a_quiz_in_a_group_of_its_own_is_told_to_move_and_checked_as_if_it_had() -> None:
    text = "quiz:\n  meta:\n    name: Capitals\n" + "".join(
        f"  {line}\n" for line in good_but("key: B", "key: D").splitlines()[1:]
    )
    assert told(text) == [
        (1, 1, "quiz", "is not a key of a quiz; move what is below quiz: to the left"),
        (2, 3, "quiz, meta", "is not a key of a quiz; move what is below meta: to the left"),
        (3, 5, "name", "is not a key of a quiz; did you mean title?"),
        (18, 12, "question 2, key", "D is not an option here; the last one is B"),
    ]


def test_of_two_keys_that_mean_the_same_the_second_is_told_and_left() -> None:
    text = good_but("key: Paris", "answer: Paris\n    solution: Lyon")
    assert told(text) == [
        (10, 5, "question 1, answer", "is not a key of a question; did you mean key?"),
        (11, 5, "question 1, solution", "is not a key of a question; did you mean key?"),
    ]


def test_a_group_that_holds_nothing_of_a_quiz_stays_where_it_is() -> None:
    ((line, _, key, message),) = told(good_but("title: Capitals", "title: Capitals\nextra: {colour: red}"))
    assert (line, key) == (2, "extra")
    assert message.startswith("is not a key of a quiz; it has title, category")
