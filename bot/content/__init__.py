"""Quiz files: YAML in, `Quiz` out; problems with line and column.

The doors are `loader.load_quiz` for one file, `library.load_folder` for many and `schema` for editors;
what can be wrong is a `problems.Problem`. Behind them: `source` (bytes to text), `reader` (text to a
`tree` of values that know where they are), `models` (what each value may be), `checks` (how values
must fit together), `images`, and `syntax` and `wording` (what YAML and pydantic say, in plain English).
"""
