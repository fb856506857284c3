"""Quizhost: a Discord bot that hosts quizzes for a team's server."""
