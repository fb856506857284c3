"""`python -m bot` is `quizhost`."""

from bot.cli import main

main()
