"""Requests that two readers could understand differently, and paths that look for a way out: one clear answer each.

The server asks for tenants, so that a header that comes in by a side door would be seen.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end_to_end.server_process import ServerProcess
from tests.end_to_end.test_hostile import memory_mib

HOST, TENANT = b"Host: a\r\nConnection: close\r\n", b"X-Scope-OrgID: t\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
NEXT = b"GET /services HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"  # what a smuggled request would be
BODY = json.dumps({"streams": [{"stream": {"a": "b"}, "values": [[str(time.time_ns()), "x"]]}]}).encode()
LENGTH = b"Content-Length: %d\r\n" % len(BODY)
CHUNK = b"%x\r\n%b\r\n" % (len(BODY), BODY)
MEMORY_MAX_MIB = 50
SECONDS_MAX = 5.0


def push(*headers: bytes, body: bytes = BODY, version: bytes = b"1.1") -> bytes:
    head = b"POST /loki/api/v1/push HTTP/" + version + b"\r\n" + HOST + b"Content-Type: application/json\r\n"
    return head + b"".join(headers) + b"\r\n" + body


def get(path: bytes, *headers: bytes) -> bytes:
    return b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"".join(headers) + b"\r\n"


def labels(*headers: bytes) -> bytes:
    return get(b"/loki/api/v1/labels", *headers)


def values(name: bytes) -> bytes:
    return get(b"/loki/api/v1/label/" + name + b"/values", TENANT)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    made = ServerProcess(tmp_path_factory.mktemp("smuggling"), {"auth_enabled": True})
    made.start()
    yield made
    made.kill()


def asked(server: ServerProcess, request: bytes) -> bytes:
    """Everything that the server says to these bytes, until it closes."""
    host, _, port = server.address.partition(":")
    said = b""
    with socket.create_connection((host, int(port)), timeout=SECONDS_MAX) as connection:
        connection.sendall(request)
        with suppress(ConnectionResetError):  # closed before it had read everything
            while piece := connection.recv(65_536):
                said += piece
    return said


ACCEPTED = {
    "a length": push(TENANT, LENGTH),
    "chunks": push(TENANT, CHUNKED, body=CHUNK + b"0\r\n\r\n"),
    "chunks with extensions": push(TENANT, CHUNKED, body=CHUNK.replace(b"\r\n", b";a=b\r\n", 1) + b"0\r\n\r\n"),
    "an empty line before": b"\r\n" + push(TENANT, LENGTH),
}

REFUSED = {
    "length and chunks": push(TENANT, LENGTH, CHUNKED, body=b"0\r\n\r\n" + NEXT),
    "chunks and length": push(TENANT, CHUNKED, LENGTH, body=b"0\r\n\r\n" + NEXT),
    "two lengths": push(TENANT, LENGTH, b"Content-Length: 1\r\n", body=BODY + NEXT),
    "the same length twice": push(TENANT, LENGTH, LENGTH),
    "a list of lengths": push(TENANT, b"Content-Length: 1, 1\r\n"),
    "a signed length": push(TENANT, b"Content-Length: +1\r\n"),
    "a negative length": push(TENANT, b"Content-Length: -1\r\n"),
    "a hexadecimal length": push(TENANT, b"Content-Length: 0x10\r\n"),
    "an endless length": push(TENANT, b"Content-Length: 99999999999999999999999\r\n"),
    "an unknown encoding": push(TENANT, b"Transfer-Encoding: xchunked\r\n", body=b"0\r\n\r\n" + NEXT),
    "chunks that are not last": push(TENANT, b"Transfer-Encoding: chunked, identity\r\n", body=b"0\r\n\r\n" + NEXT),
    "two encodings": push(TENANT, CHUNKED, b"Transfer-Encoding: identity\r\n", body=b"0\r\n\r\n" + NEXT),
    "a negative chunk": push(TENANT, CHUNKED, body=b"-1\r\n" + BODY + b"\r\n0\r\n\r\n" + NEXT),
    "an endless chunk": push(TENANT, CHUNKED, body=b"f" * 17 + b"\r\n" + BODY),
    "a chunk with a bare line feed": push(TENANT, CHUNKED, body=CHUNK.replace(b"\r\n", b"\n", 1) + b"0\r\n\r\n"),
    "a folded value": labels(b"X-Scope-OrgID: a\r\n b\r\n"),
    "a value on the next line": labels(b"X-Scope-OrgID:\r\n a\r\n"),
    "a folded first header": b"GET /ready HTTP/1.1\r\n X-Scope-OrgID: a\r\n" + HOST + b"\r\n",
    "a blank before the colon": labels(b"X-Scope-OrgID : a\r\n"),
    "bare line feeds": b"GET /loki/api/v1/labels HTTP/1.1\nHost: a\nConnection: close\nX-Scope-OrgID: a\n\n",
    "a bare carriage return": labels(b"X-Scope-OrgID: a\rX: b\r\n"),
    "NUL in a value": labels(b"X-Scope-OrgID: a\0b\r\n"),
    "NUL in a name": labels(b"X-Scope\0-OrgID: a\r\n"),
    "NUL in a method": NEXT.replace(b"GET", b"G\0T"),
    "NUL in a path": values(b"\0"),
    "bytes in a path": values(b"\xc3\xa4"),
    "two tenants": labels(TENANT, b"x-scope-orgid: other\r\n"),
    "two Hosts": labels(TENANT, b"Host: b\r\n"),
    "a version of HTTP to come": NEXT.replace(b"1.1", b"9.9"),
    "the preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a tunnel": b"CONNECT elsewhere:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "1001 headers": labels(TENANT, b"a:b\r\n" * 1000),
    "300k headers": labels(TENANT, b"a:b\r\n" * 300_000),
    "a path out of the folder as a tenant": labels(b"X-Scope-OrgID: ../../etc\r\n"),
    "an escaped path as a tenant": labels(b"X-Scope-OrgID: %2e%2e%2f\r\n"),
    "a tenant of dots": labels(b"X-Scope-OrgID: ..\r\n"),
    "a slash in a tenant": labels(b"X-Scope-OrgID: a/b\r\n"),
    "a tenant of letters that look alike": labels("X-Scope-OrgID: tеam\r\n".encode()),
    "a tenant of 151 bytes": labels(b"X-Scope-OrgID: " + b"a" * 151 + b"\r\n"),
    "a tenant of 500 KB": labels(b"X-Scope-OrgID: " + b"a" * 500_000 + b"\r\n"),
    "two tenants on push": push(b"X-Scope-OrgID: a|b\r\n", LENGTH),
}

# 401: nobody has been named.
UNNAMED = {
    "a tenant behind the body": push(CHUNKED, body=CHUNK + b"0\r\nX-Scope-OrgID: evil\r\n\r\n"),
    "a tenant spelt otherwise": labels(b"X_Scope_OrgID: a\r\n"),
    "a tenant in the path": get(b"/loki/api/v1/labels?X-Scope-OrgID=a"),
    "an empty tenant": labels(b"X-Scope-OrgID: \r\n"),
    "a bar": labels(b"X-Scope-OrgID: |\r\n"),
}

# The status, and what is told: never a file, never another route.
PATHS = {
    b"/loki/api/v1/../../../etc/passwd": b"301",
    b"/loki/api/v1/%2e%2e/%2e%2e/ready": b"301",
    b"/loki/api/v1/%252e%252e/ready": b"404",
    b"/loki/api/v1/label/a%2fb/values": b"404",
    b"/loki/api/v1/label/..%2f..%2fready/values": b"301",
    b"/loki/api/v1/label/%252e%252e%252f/values": b"200",
    b"/loki/api/v1/label/%00/values": b"200",
    b"/loki/api/v1/label/%c0%ae%c0%ae/values": b"200",
    b"/loki/api/v1/label/%zz%/values": b"200",
    b"/loki/api/v1/label/%E2%80%AE%EF%BC%8F/values": b"200",
    b"/loki/api/v1/labels;a=b": b"404",
    b"/loki/api/v1/labels/.": b"301",
    b"/LOKI/API/V1/LABELS": b"404",
    b"/\\elsewhere": b"404",
    b"/static/..%2f..%2fetc%2fpasswd": b"301",
}


@pytest.mark.parametrize("request_bytes", ACCEPTED.values(), ids=ACCEPTED)
def test_what_is_clear_is_accepted(server: ServerProcess, request_bytes: bytes) -> None:
    assert asked(server, request_bytes).startswith(b"HTTP/1.1 204")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [*((each, b"400") for each in REFUSED.values()), *((each, b"401") for each in UNNAMED.values())],
    ids=[*REFUSED, *UNNAMED],
)
def test_what_is_not_is_refused_once_and_nothing_behind_it_is_read(
    server: ServerProcess, request_bytes: bytes, status: bytes
) -> None:
    Path(f"/proc/{server.pid}/clear_refs").write_text("5")
    before_mib, began_s = memory_mib(server, "VmRSS"), time.monotonic()
    said = asked(server, request_bytes)
    assert said.startswith(b"HTTP/1.1 " + status)
    assert said.count(b"content-length:") == 1
    assert time.monotonic() - began_s < SECONDS_MAX
    assert memory_mib(server, "VmHWM") - before_mib < MEMORY_MAX_MIB


@pytest.mark.parametrize("path", PATHS, ids=bytes.decode)
def test_paths_lead_nowhere_else(server: ServerProcess, path: bytes) -> None:
    said = asked(server, get(path, TENANT))
    assert said.startswith(b"HTTP/1.1 " + PATHS[path])
    assert b"root:" not in said
    assert b"ready\n" not in said


@pytest.mark.parametrize("path", [each for each in PATHS if PATHS[each] == b"301"], ids=bytes.decode)
def test_a_redirect_leads_to_a_path_that_is_clean(server: ServerProcess, path: bytes) -> None:
    location = asked(server, get(path, TENANT)).split(b"location: ")[1].split(b"\r\n")[0]
    assert location.startswith(b"/")
    assert b".." not in location
    assert b"HTTP/1.1 301" not in asked(server, get(location, TENANT))


@pytest.mark.parametrize("path", [b"//elsewhere.example", b"///elsewhere.example/", b"//a%0d%0aSet-Cookie:%20b"])
def test_redirects_stay_here(server: ServerProcess, path: bytes) -> None:
    said = asked(server, get(path))
    location = said.split(b"location: ")[1].split(b"\r\n")[0]
    assert location.startswith(b"/")
    assert not location.startswith(b"//")
    assert b"\r\nset-cookie" not in said.lower()


def test_tenants_of_odd_names_stay_in_the_folder(server: ServerProcess) -> None:
    names = [b"...", b"-", b"a.b", b"*", b"'", b"()", b"!", b"con", b"wal", b"a" * 150]
    for name in names:
        assert asked(server, push(b"X-Scope-OrgID: " + name + b"\r\n", LENGTH)).startswith(b"HTTP/1.1 204"), name
    assert asked(server, get(b"/flush")).startswith(b"HTTP/1.1 204")
    folders = {path.name for path in (server.data / "parts").iterdir()}
    assert len(folders) >= len(names)
    assert all(path.is_relative_to(server.data) for path in server.data.rglob("*"))
    assert {path.name for path in server.data.parent.iterdir()} <= {"data", "server.log", "skaldlog.yaml"}
