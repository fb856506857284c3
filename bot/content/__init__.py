"""Quiz files: YAML in, `Quiz` out; problems with line and column.

`loader` is the door: `load_quiz` for one file, `library.load_folder` for many. The rest is how:
`source` (bytes to text), `tree` (text to values that know where they stand), `models` (what each
value may be), `checks` (how values must fit together), `wording` (problems in plain English).
"""
