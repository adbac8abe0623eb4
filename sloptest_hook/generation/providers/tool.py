"""The words in which a model is asked for JSON where no service binds it."""

import json

from sloptest_hook.generation.providers.seam import Binding, Question

NAME = "submit_tests"
DESCRIPTION = "Hands in the tests that were written."


def item_of(question: Question) -> str:
    """Return the last part of the prompt, with what the binding needs said in words."""
    match question.binding:
        case Binding.SCHEMA:
            return question.prompt.item
        case Binding.TOOL:
            return f"{question.prompt.item}\n\nAnswer by one call of the tool {NAME}, without text."
        case Binding.TEXT:
            schema = json.dumps(question.schema)
            return (
                f"{question.prompt.item}\n\nAnswer with one JSON object of this schema, without "
                f"text before or after it:\n{schema}"
            )
