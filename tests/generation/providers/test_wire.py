"""What each provider is sent, as the service sees it."""

import json
import subprocess
import sys

import pytest

from sloptest_hook.generation.providers.seam import ErrorKind, ProviderError, Reply
from sloptest_hook.values.records import replace
from tests.generation.providers.conftest import SCHEMA, Service, ok, served
from tests.generation.providers.server import Fails, Said
from tests.shares import share

PATHS = {
    "anthropic": "/v1/messages",
    "openai": "/v1/responses",
    "azure": "/openai/v1/responses",
    "azure-classic": "/openai/responses?api-version=2024-10-21",
    "compatible": "/v1/chat/completions",
    "bedrock": "/model/us.anthropic.claude-sonnet-5-5/converse",
}


def test_each_is_asked_at_its_own_path(service: Service) -> None:
    service.generate()
    assert service.fake.calls[-1].path == PATHS[service.name]


def test_the_schema_is_bound_where_the_service_can(service: Service) -> None:
    service.generate()
    body = service.fake.calls[-1].body
    match service.name:
        case "anthropic":
            found = body["output_config"]["format"]
            assert found == {"type": "json_schema", "schema": SCHEMA}
        case "compatible":
            assert body["response_format"]["json_schema"]["schema"] == SCHEMA
        case "bedrock":
            form = body["outputConfig"]["textFormat"]["structure"]["jsonSchema"]
            assert json.loads(form["schema"]) == SCHEMA
        case _:
            found = body["text"]["format"]
            assert (found["strict"], found["schema"]) == (True, SCHEMA)


def test_the_stable_part_comes_first_and_may_be_kept(service: Service) -> None:
    service.generate()
    text = json.dumps(service.fake.calls[-1].body)
    assert text.index("be good") < text.index("a file") < text.index("a function")
    marks = {"anthropic": "cache_control", "bedrock": "cachePoint", "compatible": ""}
    assert marks.get(service.name, "prompt_cache_key") in text


def test_nothing_that_samples_is_sent_and_nothing_is_stored(service: Service) -> None:
    service.generate()
    body = service.fake.calls[-1].body
    assert not {"temperature", "top_p", "top_k", "tool_choice"} & body.keys()
    if "responses" in service.fake.calls[-1].path:
        assert body["store"] is False


def test_the_key_is_in_a_header_alone(service: Service) -> None:
    service.generate()
    call = service.fake.calls[-1]
    key = "sk-dummydummydummydummy"
    if service.name == "bedrock":
        assert call.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIADUMMY")
    else:
        assert key in (call.headers.get("authorization", "") + call.headers.get("api-key", ""))
    assert key not in json.dumps(call.body)


def test_neither_key_nor_prompt_is_in_an_error(service: Service) -> None:
    service.fake.says(Fails(401))
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert "dummy" not in repr(answer)
    assert "a function" not in repr(answer)


ROLE = "arn:aws:iam::123456789012:role/tests"


@pytest.mark.parametrize("life", [3600, 60])  # seconds; below ten minutes botocore renews at once
def test_bedrock_acts_in_a_role_and_renews_its_credentials(
    life: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in served("bedrock", monkeypatch, lambda a: replace(a, role_arn=ROLE)):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.fake.url)
        service.fake.credential_life = life
        assert isinstance(service.generate(), Reply)
        assert isinstance(service.generate(), Reply)
        assert service.fake.assumed[0]["RoleArn"] == ROLE
        assert (len(service.fake.assumed) == 1) is (life == 3600)
        assert "Credential=ASIA" in service.fake.calls[-1].headers["authorization"]


def test_credentials_that_come_expired_are_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in served("bedrock", monkeypatch, lambda a: replace(a, role_arn=ROLE)):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.fake.url)
        service.fake.credential_life = -3600
        answer = service.generate()
        assert isinstance(answer, ProviderError)
        assert answer.kind is ErrorKind.AUTH, answer
        assert "expired" in answer.message


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDenied", ErrorKind.PERMISSION),
        ("ExpiredToken", ErrorKind.AUTH),
        ("InvalidClientTokenId", ErrorKind.AUTH),
    ],
)
def test_a_role_that_is_not_given_is_said_to_be(
    code: str, kind: ErrorKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in served("bedrock", monkeypatch, lambda a: replace(a, role_arn=ROLE)):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.fake.url)
        service.fake.sts_error = code
        answer = service.generate()
        assert isinstance(answer, ProviderError)
        assert answer.kind is kind, answer
        assert service.fake.calls == []


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException"])
def test_credentials_that_bedrock_does_not_take_any_more(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in served("bedrock", monkeypatch):
        service.fake.says(Fails(403, code))
        answer = service.generate()
        assert isinstance(answer, ProviderError)
        assert (answer.kind, answer.attempts) == (ErrorKind.AUTH, 1)


def test_no_credentials_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    for service in served("bedrock", monkeypatch):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(name)
        answer = service.generate()
        assert isinstance(answer, ProviderError)
        assert answer.kind is ErrorKind.AUTH


def test_an_inference_profile_is_escaped_in_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    arn = "arn:aws:bedrock:eu-west-1:1:application-inference-profile/abc"
    for service in served("bedrock", monkeypatch, lambda a: replace(a, model=arn)):
        assert isinstance(service.generate(), Reply)
        assert service.fake.calls[-1].path.endswith("application-inference-profile%2Fabc/converse")


@pytest.mark.parametrize(
    "name", share(["anthropic", "openai", "azure", "compatible", "bedrock"], 5)
)
def test_a_host_that_has_no_address(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    nowhere = "https://no-such-host.invalid/v1"
    for service in served(name, monkeypatch, lambda a: replace(a, base_url=nowhere)):
        answer = service.generate(seconds=8.0)
        assert isinstance(answer, ProviderError)
        assert answer.kind in (ErrorKind.CONNECTION, ErrorKind.TIMEOUT)


def test_a_redirect_takes_no_key_along(service: Service) -> None:
    service.fake.says(Fails(307, headers={"location": f"{service.fake.url}/elsewhere"}))
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert all("elsewhere" not in call.path for call in service.fake.calls)


OTHERS = {"anthropic", "openai", "boto3", "azure", "genai_prices"}
SPY = """
import sys
from sloptest_hook.generation.providers.access import access_of
from sloptest_hook.generation.providers.table import opened
from sloptest_hook.values.settings import EngineName, LlmSettings
environ = {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k", "AWS_REGION": "eu-west-1"}
opened(access_of(EngineName(sys.argv[1]), LlmSettings(), environ))
print(*sys.modules)
"""


@pytest.mark.parametrize(
    ("engine", "package"), [("anthropic", "anthropic"), ("openai", "openai"), ("bedrock", "boto3")]
)
def test_one_provider_imports_no_package_of_another(engine: str, package: str) -> None:
    done = subprocess.run(
        (sys.executable, "-c", SPY, engine), capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) & OTHERS == {package}


MISSING = """
import sys
sys.modules[sys.argv[2]] = None
from sloptest_hook.generation.providers.access import access_of
from sloptest_hook.generation.providers.table import opened
from sloptest_hook.values.settings import EngineName, LlmSettings
environ = {"ANTHROPIC_API_KEY": "k", "OPENAI_API_KEY": "k", "AWS_REGION": "eu-west-1"}
print(opened(access_of(EngineName(sys.argv[1]), LlmSettings(), environ)).reason)
"""


@pytest.mark.parametrize(
    ("engine", "package"), [("anthropic", "anthropic"), ("openai", "openai"), ("bedrock", "boto3")]
)
def test_a_package_that_is_missing_is_one_line(engine: str, package: str) -> None:
    done = subprocess.run(
        (sys.executable, "-c", MISSING, engine, package),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == (
        f"engine = '{engine}' needs the package {package}: pip install 'sloptest-hook[{engine}]', "
        f"under pre-commit: additional_dependencies: [{package}, genai-prices]\n"
    )


def test_a_good_answer_needs_one_call(service: Service) -> None:
    service.fake.says(Said(ok()))
    answer = service.generate()
    assert isinstance(answer, Reply)
    assert (answer.data, answer.attempts, len(service.fake.calls)) == ({"ok": True}, 1, 1)
