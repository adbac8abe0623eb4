import pytest

from sloptest_hook.values.endpoint import endpoint_fault, host_of, is_loopback


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com",
        "https://api.example.com/v1/",
        "https://example.com:8443/openai/v1",
        "http://127.0.0.1:11434/v1",
        "http://127.9.9.9",
        "http://localhost:8080",
        "http://[::1]:8080/v1",
    ],
)
def test_tls_to_anybody_and_plain_http_to_this_machine_are_addresses(url: str) -> None:
    assert endpoint_fault(url) is None


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://example.com", id="another machine"),
        pytest.param("http://10.0.0.1:8080", id="another machine of this net"),
        pytest.param("http://localhost.example.com", id="a name that begins as this machine's"),
        pytest.param("http://127.0.0.1.example.com", id="a name that begins as its number"),
        pytest.param("http://127.0.0.1@example.com", id="a user that looks like a host"),
    ],
)
def test_plain_http_to_another_machine_is_none(url: str) -> None:
    assert endpoint_fault(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://user:password@example.com", id="a password"),
        pytest.param("https://example.com/v1?key=1", id="a query"),
        pytest.param("https://example.com/#a", id="a fragment"),
        pytest.param("ftp://example.com", id="another protocol"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("example.com", id="no protocol"),
        pytest.param("https://exa mple.com", id="a blank"),
        pytest.param("https://example.com/\nHost: x", id="a line end"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_more_or_less_than_host_and_path_is_none(url: str) -> None:
    assert endpoint_fault(url) == "is none of http or https with a host and a path alone"


def test_only_this_machine_is_loopback() -> None:
    assert is_loopback("https://localhost/v1")
    assert not is_loopback("https://localhost.example.com/v1")


def test_the_host_is_what_a_person_is_told() -> None:
    assert host_of("https://api.example.com:8443/v1") == "api.example.com"
