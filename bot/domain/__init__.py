"""The rulebook of a quiz round: standard library only, no I/O; time and randomness are arguments."""
