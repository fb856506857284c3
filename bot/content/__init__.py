"""Quiz files: YAML in, `Quiz` out; problems with line and column."""
