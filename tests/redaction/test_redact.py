import random
import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sloptest_hook
from sloptest_hook.redaction.redact import (
    PLACEHOLDER,
    Redacted,
    Refused,
    placeholder,
    redacted,
    secrets_in,
    sendable,
    without_secrets,
)
from sloptest_hook.redaction.rules import RULES
from tests.redaction.secrets_made import Dummy, dummies, private_key

KEY = b"k" * 32
SEEDS = (1, 2, 3, 4)
DUMMIES = tuple(dummies(1))

# What looks like a secret and is none.
LOOK_ALIKES = (
    'password = "changeme"',
    'password = "your-password-here"',
    'password = "<password>"',
    'password = "********"',
    'password = "${DB_PASSWORD}"',
    'password = "{password}"',
    'password = "%(password)s"',
    "password = getpass.getpass()",
    'password = os.environ["DB_PASSWORD"]',
    'PASSWORD_FIELD = "user_password_1"',
    'password_hint = "the name of 1 pet"',
    'raise ValueError("password must have 8 characters")',
    'token = "test-token-1"',
    'token = "fake_token_for_tests_123"',
    "token = tokens.next_token(2)",
    "token = self._tokens[index + 1]",
    'token_url = "https://login.example.com/oauth2/token"',
    'TOKEN_TYPE = "bearer2"',
    'token: str = "abcabcabc"',
    'secret_name = "db-password-v2"',
    'SECRET = "secret"',
    'SECRETS_FILE = "/run/secrets/db1"',
    'api_key = "xxxxxxxxxxxxxxxxxxxx"',
    'api_key = "example-api-key-1"',
    "api_key=settings.API_KEY_2024,",
    'API_KEY_HEADER = "X-Api-Key2"',
    'tokens = ["NAME", "NUMBER", "STRING2"]',
    '("token", "token_start_column")',
    'TOKEN_RE = r"[a-z0-9]+-[0-9]{4}"',
    'assert tokenize("a1 b2") == ["a1", "b2"]',
    'credentials = "~/.aws/credentials"',
    "class PasswordResetTokenGenerator2:",
    "from shop.tokens2 import make_token_v2",
    'sha = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"',
    'commit = "7a0c889f1e0c44298fc1c149afbf4c8996fb9242"',
    'md5 = "d41d8cd98f00b204e9800998ecf8427e"',
    'uuid = "123e4567-e89b-12d3-a456-426614174000"',
    'etag = "33a64df551425fcc55e4d42a148795d9f25f89d4"',
    'color = "sk-button-primary-large-rounded"',
    'name = "sk-learn-contrib-imbalanced"',
    'KEY = "AKIAIOSFODNN7EXAMPLE"',
    "AKIA is the prefix of such keys",
    'prefix = "ghp_"',
    'assert not key.startswith("xoxb-")',
    'model = "hf_transfer"',
    'region = "bucket-us12"',
    'url = "https://example.com/path:8080/@user"',
    'url = "https://user:password@example.com/"',
    'url = f"postgresql://{user}:{password}@{host}/shop"',
    'url = "http://localhost:8080"',
    'email = "someone:else@example.com"',
    "curl -H 'Authorization: Bearer $TOKEN' https://example.com",
    'header = "Authorization: Bearer <token>"',
    'basic = "basic authentication configuration"',
    'path = "tests/data/SomeLongDirectoryName/another_file_name"',
    'name = "CloudFrontOriginAccessIdentityList"',
    'message = "ThisIsAVeryLongCamelCaseIdentifierWithWords2"',
    'fingerprint = "SHA1"',
    'alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"',
    'digits = "0123456789012345678901234567890123456789"',
    '"-----BEGIN CERTIFICATE-----"',
    '"-----BEGIN RSA PRIVATE KEY-----" is the first line, "-----END RSA PRIVATE KEY-----" the last',
    'jwt = "eyJhbGciOiJIUzI1NiJ9"',
    'version = "sntryu_1"',
    'dsn = "sqlite:///shop.db"',
)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_dummy_is_found_as_what_it_is_and_nothing_of_it_is_left(seed: int) -> None:
    shown = [without_secrets(each.text, KEY) for each in dummies(seed)]
    wanted = [
        each.text.replace(each.secret, placeholder(each.kind, each.secret, KEY))
        for each in dummies(seed)
    ]
    assert shown == wanted


def test_there_are_as_many_examples_as_were_promised() -> None:
    assert len(DUMMIES) >= 47
    assert len(LOOK_ALIKES) >= 57
    assert len({rule.kind for rule in RULES}) >= 28


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redacted(text, KEY) == Redacted(text)


def test_the_sources_of_this_house_hold_no_secret() -> None:
    texts = [file.read_text("utf-8") for file in Path(sloptest_hook.__file__).parent.rglob("*.py")]
    found = [text[each.start : each.end] for text in texts for each in secrets_in(text)]
    assert found == []


def test_every_rule_is_shown_by_its_own_name() -> None:
    kinds = [rule.kind for rule in RULES]
    assert len(kinds) == len(set(kinds))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind) for kind in kinds)


def test_a_placeholder_is_the_same_for_the_same_secret_and_key_alone() -> None:
    first, second = DUMMIES[3].secret, DUMMIES[4].secret
    assert placeholder("github-pat", first, KEY) == placeholder("github-pat", first, KEY)
    assert placeholder("github-pat", first, KEY) != placeholder("github-pat", second, KEY)
    assert placeholder("github-pat", first, KEY) != placeholder("github-pat", first, b"j" * 32)


def test_a_secret_known_by_its_name_is_taken_out_wherever_it_stands() -> None:
    secret = next(each.secret for each in DUMMIES if "client_secret" in each.text)
    text = f'client_secret = "{secret}"\nprint("got {secret} instead")\n'

    shown = placeholder("secret-keyword", secret, KEY)
    assert without_secrets(text, KEY) == text.replace(secret, shown)


def test_a_key_that_is_known_is_taken_out_whatever_it_looks_like() -> None:
    shown = without_secrets("said: correct horse", KEY, known=["correct horse", ""])
    assert shown == f"said: {placeholder('known-key', 'correct horse', KEY)}"


@pytest.mark.parametrize("kind", ["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "])
def test_a_private_key_is_never_sent_and_kept_without_its_lines(kind: str) -> None:
    text = f"KEY = '''{private_key(1, kind)}'''\nafter = 1\n"

    assert sendable(text, KEY) == Refused("holds a private key")
    kept = without_secrets(text, KEY)
    assert "PRIVATE" not in kept
    assert kept.splitlines().index("after = 1") == text.splitlines().index("after = 1")


def test_a_private_key_that_is_cut_off_is_one() -> None:
    assert sendable(private_key(1)[:400], KEY) == Refused("holds a private key")


def test_a_private_key_in_one_line_is_one() -> None:
    text = f"key = {private_key(1)!r}"
    assert sendable(text, KEY) == Refused("holds a private key")
    assert without_secrets(text, KEY).count("REDACTED_private_key") == 1


def _environment(*names: str) -> str:
    dice = random.Random(5)  # noqa: S311
    secret = "".join(dice.choices("abcdefGHIJKL0123456789", k=20))
    return "# settings\n" + "".join(f"{name}={secret}\n" for name in names)


def test_what_reads_as_a_dotenv_file_is_never_sent() -> None:
    text = _environment("DEBUG", "export DB_PASSWORD")
    assert sendable(text, KEY) == Refused("holds secrets as a .env file does")


def test_settings_without_a_secret_are_no_dotenv_file() -> None:
    assert isinstance(sendable(_environment("A", "B"), KEY), Redacted)
    assert isinstance(sendable("X=1\nY=2\n", KEY), Redacted)


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".env.local",
        "prod.env",
        ".envrc",
        "deploy/id_rsa",
        "a/server.pem",
        "key.p12",
        ".netrc",
        ".ssh/config",
        "secrets.yaml",
        "credentials.json",
        "x/.git/config",
    ],
)
def test_a_file_of_secrets_is_never_sent_whatever_is_in_it(name: str) -> None:
    refused = Refused("is a file that holds secrets by its name")
    assert sendable("a = 1", KEY, path=PurePosixPath(name)) == refused


@pytest.mark.parametrize(
    "name", ["shop/env.py", "environment.py", "shop/secrets.py", "tests/test_keys.py", "key.py"]
)
def test_a_module_with_such_a_name_may_be_sent(name: str) -> None:
    assert sendable("a = 1", KEY, path=PurePosixPath(name)) == Redacted("a = 1")


_TEXTS = st.lists(
    st.one_of(
        st.sampled_from([each.text for each in DUMMIES]),
        st.sampled_from([each.secret for each in DUMMIES]),
        st.sampled_from([*LOOK_ALIKES, "\n", " ", "'", '"', "=", "://", ":", "@", "\r\n", "\0"]),
        st.text(max_size=20),
    ),
    max_size=12,
).map("".join)


@given(_TEXTS)
def test_lines_keep_their_numbers(text: str) -> None:
    assert without_secrets(text, KEY).count("\n") == text.count("\n")


@given(_TEXTS)
def test_nothing_but_placeholders_is_added_and_nothing_else_is_changed(text: str) -> None:
    shown = redacted(text, KEY)
    around = PLACEHOLDER.split(shown.text) if shown.kinds else [shown.text]
    at = 0
    for part in around:
        at = text.index(part.strip("\n"), at) + len(part.strip("\n"))


@given(_TEXTS)
def test_what_was_taken_out_is_not_taken_for_a_secret(text: str) -> None:
    once = without_secrets(text, KEY)
    before = PLACEHOLDER.findall(once)
    assert [each for each in PLACEHOLDER.findall(without_secrets(once, KEY)) if each in before] == (
        before
    )


@given(st.lists(st.sampled_from(DUMMIES), min_size=1, max_size=6))
def test_no_secret_of_a_text_is_left(found: list[Dummy]) -> None:
    shown = without_secrets("\n".join(each.text for each in found), KEY)
    assert [each.secret for each in found if each.secret in shown] == []


@given(st.text(max_size=200))
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(sendable(text, KEY), Redacted | Refused)


@pytest.mark.parametrize(
    "piece",
    ["a", "aA", "A", "a1", "a_", "password=", "://a:", "eyJ", "sk-", ":AA", "-us", "=", "M"],
)
def test_no_text_makes_an_expression_try_every_division_of_it(piece: str) -> None:
    """One that does would not come to an end here before the sun does."""
    text = 'password = "' + piece * (200_000 // len(piece)) + "!"
    assert redacted(text, KEY).kinds == ()
