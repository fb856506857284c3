"""How Sphinx makes a site of these pages. Nothing is fetched, neither by the build nor by a reader."""

project = "Quizhost"
copyright = "The Quizhost authors"  # noqa: A001 - Sphinx's name for it
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Quizhost"
html_show_sphinx = False
html_copy_source = False
exclude_patterns = ["conf.py"]

# Links to headings work as they do on GitHub; one that leads nowhere is a warning, and CI fails on warnings.
myst_heading_anchors = 3
nitpicky = True

# "Edit this page" and "view its source".
html_theme_options = {
    "source_repository": "https://github.com/quizhost/quizhost/",
    "source_branch": "main",
    "source_directory": "docs/",
}
