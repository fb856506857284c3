"""Cards: from a value to a `LayoutView`, nothing else. Sentences come from `bot.text`."""
