import pytest

from sloptest_hook.commands.readiness import readiness
from sloptest_hook.values.settings import EngineName, LlmSettings, Settings

KEY = "k" * 40


def told(settings: Settings, **environ: str) -> dict[str, str]:
    return dict(readiness(settings, environ))


def test_every_provider_has_a_line_and_none_shows_a_key() -> None:
    found = told(Settings(), ANTHROPIC_API_KEY=KEY, OPENAI_API_KEY=KEY)

    assert sorted(found) == [f"provider {each}" for each in sorted(EngineName) if each != "offline"]
    assert "a key is set" in found["provider anthropic"]
    assert "needs an address" in found["provider azure"]
    assert KEY not in str(found)
    assert "in force" not in str(found)


@pytest.mark.parametrize("engine", ["anthropic", "openai"])
def test_without_a_key_it_says_which_variable_wants_one(engine: str) -> None:
    assert "needs a key in the environment" in told(Settings())[f"provider {engine}"]


def test_the_one_in_force_is_told_with_place_and_model() -> None:
    llm = LlmSettings(model="mine", base_url="http://127.0.0.1:8080/v1")

    found = told(Settings(engine=EngineName.OPENAI, llm=llm))

    assert found["provider openai"].startswith("in force; ")
    assert found["provider openai"].endswith("http://127.0.0.1:8080/v1, model mine")
    assert "mine" not in found["provider anthropic"]
