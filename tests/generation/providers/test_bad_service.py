"""Whatever a service does ends in one answer inside the time budget, with the vendor's own client.

Every test here runs for every provider.
"""

import time

import pytest

from sloptest_hook.generation.providers.seam import ErrorKind, ProviderError, Reply
from tests.generation.providers.conftest import Service, ok, served
from tests.generation.providers.server import Breaks, Fails, Said
from tests.shares import share

STAYS = {
    "bad key": (Fails(401), ErrorKind.AUTH),
    "no permission": (Fails(403), ErrorKind.PERMISSION),
    "no such model": (Fails(404), ErrorKind.NOT_FOUND),
    "no money": (Fails(402), ErrorKind.QUOTA),
    "too large": (Fails(413), ErrorKind.CONTEXT_TOO_LONG),
    "prompt too long": (
        Fails(400, message="prompt is too long: 210000 tokens > 200000 maximum"),
        ErrorKind.CONTEXT_TOO_LONG,
    ),
    "bad request": (Fails(400, message="max_tokens: no"), ErrorKind.BAD_REQUEST),
    "refusal": (Said("I will not.", stop="refusal"), ErrorKind.REFUSED),
    "content filter": (Said("", stop="filter"), ErrorKind.REFUSED),
    "empty body": (Breaks("body"), ErrorKind.MALFORMED),
    "HTML": (Breaks("body", b"<html>hi</html>", "text/html"), ErrorKind.MALFORMED),
    "broken JSON": (Breaks("body", b'{"id": "x", "content": ['), ErrorKind.MALFORMED),
    "wrong shape": (Breaks("body", b'{"hello": "world"}'), ErrorKind.MALFORMED),
    "no object": (Breaks("body", b"[1]"), ErrorKind.MALFORMED),
    "prose": (Said("Sure, here are some tests."), ErrorKind.MALFORMED),
    "another schema": (Said('{"ok": "yes"}'), ErrorKind.MALFORMED),
    "5 MB": (Said('{"ok": true, "x": "' + "x" * 5_000_000 + '"}'), ErrorKind.MALFORMED),
}


@pytest.mark.parametrize(("happens", "kind"), STAYS.values(), ids=STAYS)
def test_what_stays_wrong_is_asked_once(
    service: Service, happens: Fails | Said | Breaks, kind: ErrorKind
) -> None:
    service.fake.says(happens)
    answer = service.generate()
    assert isinstance(answer, ProviderError), answer
    assert (answer.kind, answer.attempts) == (kind, 1), answer
    assert "\n" not in answer.message
    assert len(answer.message) < 400


PASSES = {
    "too many calls": Fails(429),
    "too many calls for a moment": Fails(429, headers={"retry-after": "0.05"}),
    "a date to wait for, which has come": Fails(
        429, headers={"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}
    ),
    "failure": Fails(500),
    "HTML of a gateway": Fails(502),
    "overloaded": Fails(503),
    "reset": Breaks("reset"),
}


@pytest.mark.parametrize("happens", PASSES.values(), ids=PASSES)
def test_what_passes_is_tried_again(service: Service, happens: Fails | Breaks) -> None:
    service.fake.says(happens, Said(ok()))
    answer = service.generate()
    assert isinstance(answer, Reply), answer
    assert (answer.data, answer.attempts) == ({"ok": True}, 2)


def test_a_body_that_is_cut_off_on_the_way_is_no_answer(service: Service) -> None:
    service.fake.says(Breaks("short"), Said(ok()))
    answer = service.generate()
    if service.name == "bedrock":  # boto3 does not notice, and makes an empty result of it
        assert isinstance(answer, ProviderError)
        assert answer.kind is ErrorKind.MALFORMED
    else:
        assert isinstance(answer, Reply)
        assert answer.attempts == 2


def test_a_provider_that_stays_overloaded_is_given_up(service: Service) -> None:
    service.fake.default = Fails(529, headers={"retry-after": "0.01"})
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert len(service.fake.calls) == answer.attempts == 5


@pytest.mark.parametrize("seconds", ["300", "4294967295"])
def test_a_wait_beyond_the_deadline_fails_at_once_and_says_so(
    service: Service, seconds: str
) -> None:
    service.fake.says(Fails(429, headers={"retry-after": seconds}))
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert answer.kind is ErrorKind.RATE_LIMITED
    assert "asks to wait" in answer.message
    assert len(service.fake.calls) == 1


@pytest.mark.parametrize("how", share(["drip", "hang"], 2))
def test_no_call_outlives_the_deadline(service: Service, how: str) -> None:
    service.generate()  # imports and the first connection are no part of it
    service.fake.says(Breaks(how))
    began = time.monotonic()
    answer = service.generate(seconds=1.0)
    assert isinstance(answer, ProviderError)
    assert answer.kind is ErrorKind.TIMEOUT
    assert time.monotonic() - began < 15  # the drip alone would take 40 s, the hang 20


def test_what_was_cut_off_is_told_apart_from_what_is_complete(service: Service) -> None:
    service.fake.says(Said('{"ok": tr', stop="length"))
    answer = service.generate()
    assert isinstance(answer, Reply)
    assert answer.data is None
    assert answer.text == '{"ok": tr'


def test_a_quota_that_is_used_up_is_not_tried_again(service: Service) -> None:
    code = "ServiceQuotaExceededException" if service.name == "bedrock" else "insufficient_quota"
    service.fake.says(Fails(429 if service.name != "bedrock" else 400, code))
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert (answer.kind, answer.attempts) == (ErrorKind.QUOTA, 1)


def test_a_model_that_takes_no_schema_steps_down_and_is_remembered(service: Service) -> None:
    refused = Fails(400, message="output_config / response_format json_schema is not supported")
    no_tools = Fails(400, message="tools are not supported by this model")
    service.fake.says(refused, no_tools, Said(f"Here you are:\n```json\n{ok()}\n```\nBye."))
    first = service.generate()
    assert isinstance(first, Reply), first
    assert (first.data, first.attempts) == ({"ok": True}, 3)
    second = service.generate()
    assert isinstance(second, Reply)
    assert second.attempts == 1
    assert "additionalProperties" in str(service.fake.calls[-1].body)  # asked for in words


def test_a_tool_stands_in_for_a_schema(service: Service) -> None:
    refused = Fails(400, message="structured outputs are not supported")
    service.fake.says(refused, Said(tool={"ok": True}))
    answer = service.generate()
    assert isinstance(answer, Reply), answer
    assert answer.data == {"ok": True}
    assert "tool_choice" not in service.fake.calls[-1].body


def test_usage_is_counted_alike_with_what_caches_did(service: Service) -> None:
    service.fake.says(Said(ok(), input=100, cached=60, written=30, output=7))
    answer = service.generate()
    assert isinstance(answer, Reply)
    usage = answer.usage
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (1, 100, 7)
    assert (usage.cached_tokens, usage.cache_write_tokens) == (60, 30)


def test_what_failed_attempts_have_taken_counts_too(service: Service) -> None:
    service.fake.says(Said("prose"))
    answer = service.generate()
    assert isinstance(answer, ProviderError)
    assert answer.usage.output_tokens == 20


def test_a_proxy_is_not_asked_the_way_to_this_machine(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for fresh in served(service.name, monkeypatch):
        assert isinstance(fresh.generate(), Reply)
