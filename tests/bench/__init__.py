"""The benchmark, and the stand-in for Discord that it shares with tests of the whole process.

`python -m tests.bench --quick` measures; `standin.client` and `processes` are what such tests start from.
"""
