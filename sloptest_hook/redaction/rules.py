"""Secrets that are known by their shape: one row for each kind, named as gitleaks names it.

A literal decides where a pattern is tried at all: finding a constant costs a hundredth of searching
for a hundred alternatives. One expression of all alternatives took 6 s a megabyte.
"""

import re
from functools import cache

from sloptest_hook.values.records import dataclass

_HEAD = r"(?<![A-Za-z0-9_])"  # a token begins a word ...
_TAIL = r"(?![A-Za-z0-9_\-])"  # ... and is not cut short


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret.

    The pattern is tried where one of ``literals`` is found, as many characters to the left of it as
    ``before`` says; without literals it is searched for everywhere. The group ``secret`` is what is
    taken out, without such a group all of it.
    """

    kind: str
    literals: tuple[str, ...]
    pattern: str
    before: tuple[int, ...] = (0,)


PRIVATE_KEY = "private-key"


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return the expression; most texts hold the literals of few rules, the others cost nothing."""
    return re.compile(pattern)


def _token(kind: str, prefixes: str, body: str) -> Rule:
    """Return the rule of a token that begins with one of several words, separated by blanks."""
    literals = tuple(prefixes.split())
    named = "|".join(map(re.escape, literals))
    return Rule(kind, literals, f"{_HEAD}(?:{named}){body}{_TAIL}")


_AWS = "AKIA ASIA ABIA ACCA AGPA AIDA AROA AIPA ANPA ANVA"
_WORD = r"[A-Za-z0-9_\-]"

RULES: tuple[Rule, ...] = (
    Rule(
        PRIVATE_KEY,
        ("-----BEGIN ",),
        # Something of a key must follow: prose that names the line is no key.
        r"-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----"
        r"(?=[^A-Za-z0-9+/]{0,40}(?:[A-Za-z0-9+/]{16}|[A-Z][A-Za-z\-]{3,20}: ))[\s\S]{0,20000}?"
        r"(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\Z)",
    ),
    # The documentation's own keys end in EXAMPLE.
    _token("aws-access-token", _AWS, r"(?![A-Z2-7]{9}EXAMPLE)[A-Z2-7]{16}"),
    _token("github-pat", "ghp_", r"[A-Za-z0-9]{36,255}"),
    _token("github-oauth", "gho_", r"[A-Za-z0-9]{36,255}"),
    _token("github-app-token", "ghu_ ghs_", r"[A-Za-z0-9]{36,255}"),
    _token("github-refresh-token", "ghr_", r"[A-Za-z0-9]{36,255}"),
    _token("github-fine-grained-pat", "github_pat_", r"\w{60,90}"),
    _token("gitlab-pat", "glpat-", _WORD + r"{20,300}(?:\.[0-9a-z]{9})?"),
    _token("gitlab-deploy-token", "gldt-", _WORD + "{20,64}"),
    _token("gitlab-runner-authentication-token", "glrt-", _WORD + r"{20,300}(?:\.[0-9a-z]{9})?"),
    _token("gitlab-cicd-job-token", "glcbt-", _WORD + "{20,64}"),
    _token("gitlab-ptt", "glptt-", _WORD + "{20,64}"),
    _token("gitlab-feature-flag-client-token", "glffct- glft-", _WORD + "{20,64}"),
    _token("gitlab-scim-token", "glsoat-", _WORD + "{20,64}"),
    _token("gitlab-kubernetes-agent-token", "glagent-", _WORD + "{20,64}"),
    _token("gitlab-oauth-app-secret", "gloas-", _WORD + "{20,80}"),
    _token("anthropic-api-key", "sk-ant-", _WORD + "{20,250}"),
    # Classes of style sheets begin with `sk-` too: words, with a small number at their end.
    _token(
        "openai-api-key",
        "sk-",
        rf"(?!ant-)(?={_WORD}{{0,200}}[0-9])(?![a-z]+(?:-[a-z]+\d?)*(?!{_WORD})){_WORD}{{20,250}}",
    ),
    _token("gcp-api-key", "AIza", _WORD + "{35}"),
    _token("gcp-oauth-access-token", "ya29.", _WORD + "{20,500}"),
    _token("gcp-oauth-client-secret", "GOCSPX-", _WORD + "{28}"),
    _token("slack-bot-token", "xoxb-", r"[A-Za-z0-9\-]{10,250}"),
    _token("slack-user-token", "xoxp- xoxe- xoxe.xox", r"[A-Za-z0-9\-]{10,250}"),
    _token("slack-legacy-token", "xoxa- xoxo- xoxr- xoxs-", r"[A-Za-z0-9\-]{10,250}"),
    _token("slack-app-token", "xapp-", r"\d-[A-Za-z0-9\-]{10,250}"),
    Rule(
        "slack-webhook-url",
        ("hooks.slack.com/",),
        r"hooks\.slack\.com/(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_\-]{20,90})",
    ),
    _token("stripe-access-token", "sk_ rk_", r"(?:live|test|prod)_[A-Za-z0-9]{10,99}"),
    _token("stripe-webhook-secret", "whsec_", r"[A-Za-z0-9+/]{24,99}"),
    _token(
        "pypi-upload-token", "pypi-AgEIcHlwaS5vcmc pypi-AgENdGVzdC5weXBpLm9yZ", _WORD + "{50,1000}"
    ),
    _token("npm-access-token", "npm_", r"[A-Za-z0-9]{36}"),
    Rule("npm-auth-token", ("_authToken",), r"_authToken\s*=\s*(?P<secret>[^\s${}\"']{10,200})"),
    _token("rubygems-api-token", "rubygems_", r"[a-f0-9]{48}"),
    _token("clojars-api-token", "CLOJARS_", r"[A-Za-z0-9]{60}"),
    _token("huggingface-access-token", "hf_ api_org_", r"[A-Za-z0-9]{30,40}"),
    _token("twilio-api-key", "SK AC", r"[0-9a-f]{32}"),
    _token("sendgrid-api-token", "SG.", _WORD + r"{16,32}\." + _WORD + "{16,64}"),
    _token("mailgun-private-api-token", "key-", r"[0-9a-f]{32}"),
    Rule("mailchimp-api-key", ("-us",), _HEAD + r"[0-9a-f]{32}-us\d{1,2}" + _TAIL, before=(32,)),
    Rule(
        "telegram-bot-api-token",
        (":AA",),
        r"(?<!\d)\d{8,10}:AA" + _WORD + "{33}" + _TAIL,
        before=(8, 9, 10),
    ),
    _token("discord-webhook", "discord.com/api/webhooks/", r"\d{15,20}/" + _WORD + "{60,70}"),
    _token("digitalocean-pat", "dop_v1_", r"[0-9a-f]{64}"),
    _token("digitalocean-access-token", "doo_v1_", r"[0-9a-f]{64}"),
    _token("digitalocean-refresh-token", "dor_v1_", r"[0-9a-f]{64}"),
    _token("shopify-access-token", "shpat_ shpca_ shppa_", r"[0-9a-fA-F]{32}"),
    _token("shopify-shared-secret", "shpss_", r"[0-9a-fA-F]{32}"),
    _token("square-access-token", "sq0atp- sq0csp-", _WORD + "{22,60}"),
    _token("databricks-api-token", "dapi", r"[0-9a-f]{32}(?:-\d)?"),
    _token("vault-service-token", "hvs.", _WORD + "{24,300}"),
    _token("vault-batch-token", "hvb. hvr.", _WORD + "{24,300}"),
    Rule(
        "hashicorp-tf-api-token",
        (".atlasv1.",),
        _HEAD + r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=\-]{60,70}",
        before=(14,),
    ),
    _token("age-secret-key", "AGE-SECRET-KEY-1", r"[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    Rule(
        "azure-storage-key", ("AccountKey=",), r"AccountKey=(?P<secret>[A-Za-z0-9+/]{40,90}={0,2})"
    ),
    Rule(
        "azure-shared-access-key",
        ("SharedAccessKey=",),
        r"SharedAccessKey=(?P<secret>[A-Za-z0-9+/]{40,90}={0,2})",
    ),
    Rule(
        "azure-ad-client-secret",
        ("Q~",),
        r"(?<![A-Za-z0-9_~.\-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.\-]{31,34}(?![A-Za-z0-9_~.\-])",
        before=(4,),
    ),
    _token("grafana-service-account-token", "glsa_", r"[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    _token("grafana-cloud-api-token", "glc_", r"[A-Za-z0-9+/]{32,400}={0,2}"),
    _token("linear-api-key", "lin_api_", r"[A-Za-z0-9]{40}"),
    _token("doppler-api-token", "dp.pt. dp.st. dp.ct.", r"[A-Za-z0-9._\-]{40,60}"),
    _token("dynatrace-api-token", "dt0c01.", r"[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}"),
    _token("postman-api-token", "PMAK-", r"[A-Fa-f0-9]{24}-[A-Fa-f0-9]{34}"),
    _token("pulumi-api-token", "pul-", r"[a-f0-9]{40}"),
    _token("sentry-user-token", "sntryu_", r"[a-f0-9]{64}"),
    _token("sentry-org-token", "sntrys_", r"[A-Za-z0-9+/=_\-]{60,400}"),
    _token("notion-api-token", "ntn_", r"[A-Za-z0-9]{40,50}"),
    _token("flyio-access-token", "fo1_ fm1a_ fm1r_ fm2_", r"[A-Za-z0-9+/_\-]{43,1000}={0,3}"),
    _token("heroku-api-key", "HRKU-AA", _WORD + "{58}"),
    _token("new-relic-user-api-key", "NRAK-", r"[A-Za-z0-9]{27}"),
    _token("perplexity-api-key", "pplx-", r"[A-Za-z0-9]{48}"),
    _token("groq-api-key", "gsk_", r"[A-Za-z0-9]{40,60}"),
    _token("planetscale-password", "pscale_pw_ pscale_tkn_ pscale_oauth_", r"[\w.=\-]{32,64}"),
    _token("atlassian-api-token", "ATATT3", r"[A-Za-z0-9_=\-]{100,250}"),
    _token("artifactory-api-key", "AKCp", r"[A-Za-z0-9]{69}"),
    _token("1password-secret-key", "A3-", r"[A-Z0-9]{6}-[A-Z0-9\-]{11,13}(?:-[A-Z0-9]{5}){3}"),
    _token("1password-service-account-token", "ops_eyJ", r"[A-Za-z0-9+/_\-]{100,}={0,3}"),
    Rule("jwt", ("eyJ",), _HEAD + rf"eyJ{_WORD}{{10,}}\.eyJ{_WORD}{{10,}}\.{_WORD}{{10,}}"),
    Rule(
        "basic-auth",
        ("://",),
        r"://[^\s:/@'\"<>{}$\\]{0,80}:(?P<secret>[^\s/@'\"<>{}$\\]{3,120})@[\w.\-\[]",
    ),
    Rule(
        "authorization-header",
        ("earer ", "asic ", "EARER ", "ASIC "),
        r"(?i:bearer|basic) +(?P<secret>(?=[A-Za-z+/_\-.]*[0-9=])[A-Za-z0-9+/_\-.=]{20,2000})",
        before=(1,),
    ),
    # Nothing in it is constant; with a look behind it would cost five times as much.
    Rule("discord-bot-token", (), rf"[MNO]{_WORD}{{23,27}}\.{_WORD}{{6}}\.{_WORD}{{27,38}}"),
)
