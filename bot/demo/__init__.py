"""The real bot on a simulated Discord, in the browser or in the terminal."""
