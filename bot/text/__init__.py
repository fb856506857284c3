"""Every sentence that a user reads, as functions with typed arguments: a module for each subject.

Arguments that a person wrote (names, quiz texts) arrive escaped. Names and descriptions of slash
commands are at the command, where readers of discord.py look for them.
"""
