"""The JSON Schema of quiz files, for editors; generated from the models, never written by hand.

`python -m bot.content.schema > quizzes/quiz.schema.json` writes the one we ship.
"""

import json
import sys
from typing import Any

from bot.content.models import QuizFile


def quiz_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a quiz file."""
    schema = QuizFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def quiz_schema_text() -> str:
    """Return the schema as the file we ship."""
    return json.dumps(quiz_schema(), indent=2, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(quiz_schema_text())
