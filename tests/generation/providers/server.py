"""A server on this machine that speaks the providers' protocols as they do, and fails as they do.

Every answer is scripted. What a fake must get right was seen with the vendors' own clients: bodies
and codes of errors, headers, the reasons to stop, usage, and that small writes are not held back.
"""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Body = dict[str, Any]


@dataclass(frozen=True)
class Said:
    """What the model says: a text or a tool's arguments, why it stops, what it took."""

    text: str = ""
    tool: Body | None = None
    stop: str = "end"  # end, length, refusal, filter
    input: int = 100
    cached: int = 0
    written: int = 0
    output: int = 20
    delay: float = 0.0


@dataclass(frozen=True)
class Fails:
    """What the service says instead."""

    status: int
    code: str = ""
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Breaks:
    """What happens to the wire: hang, drip, reset, short, or a body of status 200 as it is."""

    how: str
    body: bytes = b""
    content_type: str = "application/json"


Scripted = Said | Fails | Breaks


@dataclass(frozen=True)
class Call:
    """One request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Body


@dataclass
class Fake:
    """The server, what it will say next and what it was asked."""

    answer: Callable[[Said, Body], Body]
    failure: Callable[[Fails], tuple[Body, Mapping[str, str]]]
    script: list[Scripted] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    assumed: list[Mapping[str, str]] = field(default_factory=list)
    sts_error: str = ""
    credential_life: int = 3600
    default: Scripted = field(default_factory=lambda: Said('{"ok": true}'))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        run = {"poll_interval": 0.02}
        threading.Thread(target=self._server.serve_forever, kwargs=run, daemon=True).start()

    def says(self, *script: Scripted) -> None:
        self.script = list(script)

    def forget(self) -> None:
        """Be as new."""
        self.script, self.default = [], Said('{"ok": true}')
        self.calls.clear()
        self.assumed.clear()
        self.sts_error, self.credential_life = "", 3600

    def next(self) -> Scripted:
        with self._lock:
            return self.script.pop(0) if self.script else self.default

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: Fake

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone: many tests make it go."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Print nothing."""

    def do_POST(self) -> None:
        raw = self._request_body()
        if raw.startswith(b"Action=") or b"&Action=" in raw:
            self._sts({name: each[0] for name, each in parse_qs(raw.decode()).items()})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = json.loads(raw)
        self.server.fake.calls.append(Call(self.path, headers, body))
        match self.server.fake.next():
            case Said() as said:
                time.sleep(said.delay)
                self._send(200, self.server.fake.answer(said, body))
            case Fails() as fails:
                answer, more = self.server.fake.failure(fails)
                self._send(fails.status, answer, {**more, **fails.headers})
            case Breaks() as breaks:
                self._break(breaks)

    def _request_body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _send(self, status: int, body: Body, headers: Mapping[str, str] | None = None) -> None:
        self._send_raw(status, json.dumps(body).encode(), "application/json", headers or {})

    def _send_raw(
        self, status: int, data: bytes, content_type: str, headers: Mapping[str, str]
    ) -> None:
        self.send_response(status)
        named = {"Content-Type": content_type, "Content-Length": str(len(data)), **headers}
        for name, value in {"request-id": "req_1", "x-request-id": "req_1", **named}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _break(self, breaks: Breaks) -> None:
        self.close_connection = True
        match breaks.how:
            case "hang":
                self._until_gone()
            case "drip":
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "4000")
                self.end_headers()
                self._drip()
            case "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
            case "short":
                self._send_raw(200, b'{"id": ', breaks.content_type, {"Content-Length": "5000"})
            case _:
                self._send_raw(200, breaks.body, breaks.content_type, {})

    def _until_gone(self) -> None:
        self.connection.settimeout(20)
        self.connection.recv(1)

    def _drip(self) -> None:
        for _ in range(4000):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.01)

    def _sts(self, query: Mapping[str, str]) -> None:
        fake = self.server.fake
        fake.assumed.append(query)
        if fake.sts_error:
            xml = _STS_ERROR.format(code=fake.sts_error)
            self._send_raw(403, xml.encode(), "text/xml", {})
            return
        ends = time.gmtime(time.time() + fake.credential_life)
        number = len(fake.assumed)
        xml = _STS_ANSWER.format(
            number=f"{number:012d}", expiration=time.strftime("%Y-%m-%dT%H:%M:%SZ", ends)
        )
        self._send_raw(200, xml.encode(), "text/xml", {})


_STS_ERROR = (
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>'
    "<Code>{code}</Code><Message>no</Message></Error><RequestId>r</RequestId></ErrorResponse>"
)
_STS_ANSWER = (
    '<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>'
    "<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/r/s"
    "</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIA{number}</AccessKeyId>"
    "<SecretAccessKey>s{number}</SecretAccessKey><SessionToken>t{number}</SessionToken>"
    "<Expiration>{expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
)


# Anthropic


def messages_answer(said: Said, body: Body) -> Body:
    stops = {"end": "end_turn", "length": "max_tokens", "refusal": "refusal", "filter": "refusal"}
    content: list[Body] = [{"type": "thinking", "thinking": "hm", "signature": "c2ln"}]
    if said.tool is not None:
        content.append({"type": "tool_use", "id": "toolu_1", **_named(said, body)})
    else:
        content.append({"type": "text", "text": said.text, "citations": None})
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": "tool_use" if said.tool is not None else stops[said.stop],
        "stop_sequence": None,
        "usage": {
            "input_tokens": said.input - said.cached - said.written,
            "cache_read_input_tokens": said.cached,
            "cache_creation_input_tokens": said.written,
            "output_tokens": said.output,
        },
    }


def _named(said: Said, body: Body) -> Body:
    return {"name": body["tools"][0]["name"], "input": said.tool}


_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def messages_failure(fails: Fails) -> tuple[Body, Mapping[str, str]]:
    kind = fails.code or _ANTHROPIC_TYPES.get(fails.status, "api_error")
    error = {"type": kind, "message": fails.message}
    return {"type": "error", "error": error, "request_id": "req_1"}, {}


# OpenAI


def responses_answer(said: Said, body: Body) -> Body:
    why = {"length": "max_output_tokens", "filter": "content_filter"}.get(said.stop)
    part = (
        {"type": "refusal", "refusal": said.text}
        if said.stop == "refusal"
        else {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    )
    item: Body = {"type": "message", "role": "assistant", "content": [part], "id": "msg_1"}
    if said.tool is not None:
        name = body["tools"][0]["name"]
        arguments = json.dumps(said.tool)
        item = {"type": "function_call", "name": name, "arguments": arguments, "call_id": "c"}
    return {
        "id": "resp_1",
        "object": "response",
        "status": "incomplete" if why else "completed",
        "error": None,
        "incomplete_details": {"reason": why} if why else None,
        "model": body["model"],
        "output": [{"type": "reasoning", "id": "rs_1", "summary": []}, item],
        "usage": {
            "input_tokens": said.input,
            "input_tokens_details": {
                "cached_tokens": said.cached,
                "cache_write_tokens": said.written,
            },
            "output_tokens": said.output,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": said.input + said.output,
        },
    }


def chat_answer(said: Said, body: Body) -> Body:
    finish = {"length": "length", "filter": "content_filter"}.get(said.stop, "stop")
    refused = said.stop == "refusal"
    message: Body = {
        "role": "assistant",
        "content": None if refused else said.text,
        "refusal": said.text if refused else None,
    }
    if said.tool is not None:
        name = body["tools"][0]["function"]["name"]
        function = {"name": name, "arguments": json.dumps(said.tool)}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": function}]
        finish = "tool_calls"
    details = {"cached_tokens": said.cached, "cache_write_tokens": said.written}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {
            "prompt_tokens": said.input,
            "prompt_tokens_details": details,
            "completion_tokens": said.output,
            "total_tokens": said.input + said.output,
        },
    }


def openai_failure(fails: Fails) -> tuple[Body, Mapping[str, str]]:
    kind = "invalid_request_error" if fails.status < 500 else "server_error"
    error = {"message": fails.message, "type": kind, "param": None, "code": fails.code or None}
    return {"error": error}, {}


# Bedrock


def converse_answer(said: Said, body: Body) -> Body:
    stops = {
        "end": "end_turn",
        "length": "max_tokens",
        "refusal": "content_filtered",
        "filter": "guardrail_intervened",
    }
    thought = {"reasoningText": {"text": "hm", "signature": "c2ln"}}
    content: list[Body] = [{"reasoningContent": thought}]
    if said.tool is not None:
        name = body["toolConfig"]["tools"][0]["toolSpec"]["name"]
        content.append({"toolUse": {"toolUseId": "t_1", "name": name, "input": said.tool}})
    else:
        content.append({"text": said.text})
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": "tool_use" if said.tool is not None else stops[said.stop],
        "usage": {
            "inputTokens": said.input - said.cached - said.written,
            "cacheReadInputTokens": said.cached,
            "cacheWriteInputTokens": said.written,
            "outputTokens": said.output,
            "totalTokens": said.input + said.output,
        },
        "metrics": {"latencyMs": 1},
    }


_BEDROCK_TYPES = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    402: "ServiceQuotaExceededException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    408: "ModelTimeoutException",
    424: "ModelErrorException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
}


def converse_failure(fails: Fails) -> tuple[Body, Mapping[str, str]]:
    kind = fails.code or _BEDROCK_TYPES.get(fails.status)
    headers = {"x-amzn-errortype": kind} if kind else {}
    seconds = fails.headers.get("retry-after")
    if seconds:
        headers["x-amz-retry-after"] = str(int(float(seconds) * 1000))
    return {"message": fails.message}, headers


Answerer = Callable[[Said, Body], Body]
Failer = Callable[[Fails], tuple[Body, Mapping[str, str]]]
PROTOCOLS: Mapping[str, tuple[Answerer, Failer]] = {
    "anthropic": (messages_answer, messages_failure),
    "openai": (responses_answer, openai_failure),
    "azure": (responses_answer, openai_failure),
    "azure-classic": (responses_answer, openai_failure),
    "compatible": (chat_answer, openai_failure),
    "bedrock": (converse_answer, converse_failure),
}
NAMES: Sequence[str] = tuple(PROTOCOLS)
