"""Slash commands: parse, authorise, one service call, one reply."""
