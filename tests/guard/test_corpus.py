"""Hostile replies are refused by the layer that is there for them; harmless ones are not."""

import pytest

from sloptest_hook.generation.reply import read_files
from sloptest_hook.generation.strict_json import BadReply
from sloptest_hook.guard.verdicts import Verdict
from tests.guard.corpus_files import Sample, found_in, layer, samples

MALICIOUS = samples("malicious")
# Links that lie where the reply wants to write: merging chooses the place, and staging refuses.
ABOUT_LINKS = ("path-symlink", "path-hardlink", "path-dangling")


def of_stage(*stages: str) -> list[Sample]:
    return [sample for sample in MALICIOUS if sample.stage in stages]


@pytest.mark.parametrize("sample", of_stage("body", "path"), ids=str)
def test_a_malformed_reply_or_path_is_refused_whole(sample: Sample) -> None:
    refused = isinstance(read_files(sample.body), BadReply)
    assert refused is not sample.kind.startswith(ABOUT_LINKS)


@pytest.mark.parametrize("sample", of_stage("text", "static", "hygiene"), ids=str)
def test_hostile_or_worthless_code_is_refused_before_it_runs(sample: Sample) -> None:
    assert layer(sample) in ("reply", "deny", "fix")


@pytest.mark.parametrize("sample", of_stage("text", "static"), ids=str)
def test_hostile_code_is_refused_by_the_guard_alone_too(sample: Sample) -> None:
    if sample.files is None:
        assert isinstance(read_files(sample.body), BadReply)
    else:
        assert {each.verdict for each in found_in(sample)} & {Verdict.DENY, Verdict.FIX}


@pytest.mark.parametrize("sample", samples("benign"), ids=str)
def test_a_harmless_reply_is_read_and_nothing_speaks_against_it(sample: Sample) -> None:
    assert not isinstance(read_files(sample.body), BadReply)
    assert found_in(sample) == []
