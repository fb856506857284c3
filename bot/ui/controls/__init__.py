"""What happens when a control is used: a file for each, and `bot.ui.router` looks them up.

What their custom ids say is declared in `bot.ui.custom_ids`: cards write them, and handlers here show cards.
"""
