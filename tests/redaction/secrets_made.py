"""Dummy secrets, built when the tests run: whoever scans this repository finds none in it."""

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ALNUM = string.ascii_letters + string.digits
WORD = ALNUM + "_-"
HEX = "0123456789abcdef"
UPPER32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
BASE64 = ALNUM + "+/"


@dataclass(frozen=True)
class Dummy:
    """A secret, the text that it stands in, and the kind that it must be found as."""

    kind: str
    secret: str
    text: str


@dataclass(frozen=True)
class Dice:
    """Text from a seed."""

    random: random.Random

    def of(self, alphabet: str, length: int) -> str:
        return "".join(self.random.choice(alphabet) for _ in range(length))

    def mixed(self, length: int, alphabet: str = ALNUM) -> str:
        """Text that has a digit, a capital and a small letter, as a long random one has."""
        made = self.of(alphabet, length - 3) + self.of(string.digits, 1)
        made += self.of(string.ascii_uppercase, 1) + self.of(string.ascii_lowercase, 1)
        return "".join(self.random.sample(made, length))

    def base64_of(self, length: int) -> str:
        return base64.b64encode(self.random.randbytes(length)).decode()


def _jwt(dice: Dice) -> str:
    head = _part({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{_part({'sub': dice.of(HEX, 12)})}.{dice.mixed(43)}"


def _part(document: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


Maker = Callable[[Dice], str]

# kind, the text around it (`@` is the secret), the secret
TABLE: tuple[tuple[str, str, Maker], ...] = (
    ("aws-access-token", 'AWS_ID = "@"', lambda d: "AKIA" + d.of(UPPER32, 16)),
    ("aws-access-token", "aws_access_key_id = @", lambda d: "ASIA" + d.of(UPPER32, 16)),
    ("secret-keyword", 'aws_secret_access_key = "@"', lambda d: d.mixed(40, BASE64)),
    ("github-pat", 'x = "@"', lambda d: "ghp_" + d.mixed(36)),
    ("github-oauth", "header: @", lambda d: "gho_" + d.mixed(36)),
    ("github-app-token", "x = '@'", lambda d: "ghs_" + d.mixed(36)),
    ("github-refresh-token", "x = '@'", lambda d: "ghr_" + d.mixed(36)),
    (
        "github-fine-grained-pat",
        "x = '@'",
        lambda d: f"github_pat_{d.mixed(22)}_{d.mixed(59)}",
    ),
    ("gitlab-pat", "x = '@'", lambda d: "glpat-" + d.mixed(20)),
    ("gitlab-deploy-token", "git clone with @ here", lambda d: "gldt-" + d.mixed(20)),
    ("gitlab-runner-authentication-token", "x='@'", lambda d: "glrt-" + d.mixed(20)),
    ("gitlab-cicd-job-token", "x='@'", lambda d: f"glcbt-{d.of(HEX, 2)}_{d.mixed(20)}"),
    ("gitlab-ptt", "x='@'", lambda d: "glptt-" + d.of(HEX, 40)),
    ("gitlab-scim-token", "x='@'", lambda d: "glsoat-" + d.mixed(20)),
    ("anthropic-api-key", "x='@'", lambda d: f"sk-ant-api03-{d.mixed(93, WORD)}AA"),
    ("openai-api-key", "x='@'", lambda d: f"sk-proj-{d.mixed(58)}T3BlbkFJ{d.mixed(58)}"),
    ("openai-api-key", "OPENAI=@", lambda d: f"sk-{d.mixed(20)}T3BlbkFJ{d.mixed(20)}"),
    ("gcp-api-key", "https://maps.example/?key=@&v=3", lambda d: "AIza" + d.mixed(35)),
    ("gcp-oauth-access-token", "x='@'", lambda d: "ya29." + d.mixed(60)),
    ("gcp-oauth-client-secret", "x='@'", lambda d: "GOCSPX-" + d.mixed(28)),
    (
        "slack-bot-token",
        "x='@'",
        lambda d: f"xoxb-{d.of('123456789', 12)}-{d.of('123456789', 12)}-{d.mixed(24)}",
    ),
    ("slack-user-token", "x='@'", lambda d: f"xoxp-{d.of('123456789', 12)}-{d.mixed(32)}"),
    ("slack-app-token", "x='@'", lambda d: f"xapp-1-A{d.of(UPPER32, 9)}-{d.of(HEX, 64)}"),
    (
        "slack-webhook-url",
        "post https://hooks.slack.com/services/@ now",
        lambda d: f"T{d.of(UPPER32, 8)}/B{d.of(UPPER32, 8)}/{d.mixed(24)}",
    ),
    ("stripe-access-token", "stripe.x = '@'", lambda d: "sk_live_" + d.mixed(24)),
    ("stripe-webhook-secret", "x='@'", lambda d: "whsec_" + d.mixed(32)),
    ("pypi-upload-token", "x='@'", lambda d: "pypi-AgEIcHlwaS5vcmc" + d.mixed(120, WORD) + "a"),
    ("npm-access-token", "x='@'", lambda d: "npm_" + d.mixed(36)),
    ("npm-auth-token", "//registry.example/:_authToken=@", lambda d: d.mixed(36)),
    ("rubygems-api-token", "x='@'", lambda d: "rubygems_" + d.of(HEX, 48)),
    ("huggingface-access-token", "x='@'", lambda d: "hf_" + d.of(string.ascii_letters, 34)),
    ("twilio-api-key", "x='@'", lambda d: "SK" + d.of(HEX, 32)),
    ("sendgrid-api-token", "x='@'", lambda d: f"SG.{d.mixed(22)}.{d.mixed(43)}"),
    ("mailgun-private-api-token", "x='@'", lambda d: "key-" + d.of(HEX, 32)),
    ("mailchimp-api-key", "x='@'", lambda d: d.of(HEX, 32) + "-us12"),
    (
        "telegram-bot-api-token",
        "https://api.example/bot@/send",
        lambda d: f"{d.of('123456789', 10)}:AA{d.mixed(33)}",
    ),
    (
        "discord-bot-token",
        "x='@'",
        lambda d: f"M{d.mixed(23)}.{d.mixed(6)}.{d.mixed(38)}",
    ),
    ("digitalocean-pat", "x='@'", lambda d: "dop_v1_" + d.of(HEX, 64)),
    ("shopify-access-token", "x='@'", lambda d: "shpat_" + d.of(HEX, 32)),
    ("shopify-shared-secret", "x='@'", lambda d: "shpss_" + d.of(HEX, 32)),
    ("square-access-token", "x='@'", lambda d: "sq0atp-" + d.mixed(22)),
    ("databricks-api-token", "x='@'", lambda d: "dapi" + d.of(HEX, 32)),
    ("vault-service-token", "x='@'", lambda d: "hvs." + d.mixed(95)),
    ("hashicorp-tf-api-token", "x='@'", lambda d: f"{d.mixed(14)}.atlasv1.{d.mixed(67)}"),
    ("age-secret-key", "# created\n@\n", lambda d: "AGE-SECRET-KEY-1" + d.of(BECH32, 58)),
    (
        "azure-storage-key",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=@;",
        lambda d: d.base64_of(64),
    ),
    ("azure-ad-client-secret", "x='@'", lambda d: f"{d.mixed(3)}8Q~{d.mixed(34)}"),
    ("grafana-service-account-token", "x='@'", lambda d: f"glsa_{d.mixed(32)}_{d.of(HEX, 8)}"),
    ("linear-api-key", "x='@'", lambda d: "lin_api_" + d.mixed(40)),
    ("doppler-api-token", "x='@'", lambda d: "dp.pt." + d.mixed(43)),
    (
        "dynatrace-api-token",
        "x='@'",
        lambda d: f"dt0c01.{d.of(UPPER32, 24)}.{d.of(UPPER32, 64)}",
    ),
    ("postman-api-token", "x='@'", lambda d: f"PMAK-{d.of(HEX, 24)}-{d.of(HEX, 34)}"),
    ("pulumi-api-token", "x='@'", lambda d: "pul-" + d.of(HEX, 40)),
    ("sentry-user-token", "x='@'", lambda d: "sntryu_" + d.of(HEX, 64)),
    ("notion-api-token", "x='@'", lambda d: f"ntn_{d.of('123456789', 11)}{d.mixed(35)}"),
    ("flyio-access-token", "x='@'", lambda d: "fo1_" + d.mixed(43)),
    ("heroku-api-key", "x='@'", lambda d: "HRKU-AA" + d.mixed(58)),
    ("perplexity-api-key", "x='@'", lambda d: "pplx-" + d.mixed(48)),
    ("jwt", "Cookie: session=@; path=/", _jwt),
    ("basic-auth", "url = 'postgresql://shop:@@db.example/shop'", lambda d: d.mixed(12)),
    ("authorization-header", "'Authorization': 'Bearer @'", lambda d: d.mixed(40)),
    ("authorization-header", "authorization: basic @", lambda d: d.base64_of(24)),
    ("secret-keyword", 'password = "@"', lambda d: d.mixed(12, ALNUM + "!#%&*")),
    ("secret-keyword", 'connect(user="shop", passwd="@")', lambda d: d.mixed(12)),
    ("secret-keyword", '{"client_secret": "@"}', lambda d: d.mixed(32)),
    ("secret-keyword", 'os.environ["API_KEY"] = "@"', lambda d: d.mixed(24)),
    ("secret-keyword", 'monkeypatch.setenv("SHOP_TOKEN", "@")', lambda d: d.mixed(24)),
    ("secret-keyword", "signing_key: bytes = b'@'", lambda d: d.of(HEX, 40)),
    ("secret-keyword", "E  assert token == '@'", lambda d: d.mixed(20)),
    ("secret-keyword", "export DB_PASSWORD=@", lambda d: d.mixed(14)),
    ("secret-keyword", "GET /items?access_token=@&page=2", lambda d: d.mixed(32)),
    ("secret-keyword", "the password is @.", lambda d: d.mixed(12)),
    ("high-entropy-string", "blob = '@'", lambda d: d.mixed(44)),
)


def dummies(seed: int) -> Iterator[Dummy]:
    """Yield one secret for each row of the table, others for each seed."""
    dice = Dice(random.Random(seed))  # noqa: S311  # dummies
    for kind, around, made in TABLE:
        secret = made(dice)
        yield Dummy(kind, secret, around.replace("@", secret, 1))


def private_key(seed: int, kind: str = "RSA ") -> str:
    """Return what looks like a private key in a PEM file."""
    body = base64.encodebytes(random.Random(seed).randbytes(600)).decode()  # noqa: S311
    line = "PRIVATE KEY-----\n"
    return f"-----BEGIN {kind}{line}{body}-----END {kind}{line}"
