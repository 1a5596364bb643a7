"""A statement's bytes on their way: streamed from disk, counted as they are really sent."""

import base64
import secrets
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import httpx

from smartimport_cli.backends.remote.backoff import delays
from smartimport_cli.backends.remote.caller import Caller
from smartimport_cli.backends.remote.http import Unanswered, expect
from smartimport_cli.backends.remote.profile import origin
from smartimport_cli.backends.remote.refusal import Reply, said
from smartimport_cli.core.errors import ExitCode, SmartImportError
from smartimport_cli.core.protocols import Upload
from smartimport_cli.wire import paths

CHUNK = 64 * 1024  # bytes that are handed over at once, or more, so that there are STEPS of them
STEPS = 100
RESUMABLE_FROM = 6 << 20  # bytes; below, starting over costs less than asking
RESUMABLE_CHUNK = 6 << 20  # the size that Supabase's storage asks for
_RESUMES = 8

Sent = Callable[[int], None]  # is told how many bytes of the file have been sent

_TYPES = {
    "csv": "text/csv", "tsv": "text/tab-separated-values", "txt": "text/plain", "pdf": "application/pdf",
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "tif": "image/tiff",
    "tiff": "image/tiff", "ofx": "application/x-ofx",
    "qfx": "application/x-ofx", "qif": "application/x-qif", "xml": "application/xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def content_type(name: str) -> str:
    """The media type for a statement's name."""
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def post_form(
    caller: Caller, url: str, upload: Upload, fields: Mapping[str, str], sent: Sent, *, read_timeout: float
) -> Reply:
    """POST the statement as multipart/form-data. The answer, whatever its status; not repeated once sent."""

    boundary = secrets.token_hex(16)
    kind = f"multipart/form-data; boundary={boundary}"
    # The form around an empty file; the statement's own bytes go before its last line.
    empty = httpx.Request(
        "POST", url, data=dict(fields), files={"file": (upload.name, b"", content_type(upload.name))},
        headers={"Content-Type": kind},
    ).read()  # fmt: skip
    tail = f"\r\n--{boundary}--\r\n".encode()
    head = empty.removesuffix(tail)

    def body() -> Iterator[bytes]:
        upload.file.seek(0)
        yield head
        yield from _counted(_chunks(upload), sent)
        yield tail

    headers = {"Content-Type": kind, "Content-Length": str(len(empty) + upload.size)}
    return caller.signed("POST", url, body=body, headers=headers, repeat=False, read_timeout=read_timeout)


def put_signed(caller: Caller, url: str, upload: Upload, sent: Sent) -> None:
    """PUT the statement to a signed address (relative to the storage, or absolute); resumed where the file is
    large and the storage offers that. Raises Unanswered and every refusal."""
    address = _address(caller, url)
    if upload.size > RESUMABLE_FROM and _put_resumably(caller, address, upload, sent):
        return

    tries = 0

    def body() -> Iterator[bytes]:
        nonlocal tries
        tries += 1
        upload.file.seek(0)
        return _counted(_chunks(upload), sent)

    headers = {
        "Content-Type": content_type(upload.name), "Content-Length": str(upload.size),
        "Cache-Control": "max-age=3600",
    }  # fmt: skip
    # The signature in the address is what allows it; no credentials of ours go along.
    reply = caller.http.send("PUT", address, headers=headers, body=body, repeat=True, read_timeout=120.0)
    heard = said(reply)
    if tries > 1 and heard.status == 409:
        return  # an attempt whose answer was lost had arrived
    expect(reply, f"take {upload.name}")


def _put_resumably(caller: Caller, address: str, upload: Upload, sent: Sent) -> bool:
    """TUS 1.0.0 with the token of the signed address. False where the storage does not offer it."""
    target = _resumable(address)
    if target is None:
        return False
    endpoint, bucket, name, token = target
    headers = {"Tus-Resumable": "1.0.0", "x-signature": token}
    metadata = {
        "bucketName": bucket, "objectName": name, "contentType": content_type(upload.name), "cacheControl": "3600",
    }  # fmt: skip
    created = caller.http.send(
        "POST", endpoint, repeat=True, headers={
            **headers, "Upload-Length": str(upload.size),
            "Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in metadata.items()),
        },
    )  # fmt: skip
    location = created.headers.get("location")
    if created.status != 201 or not location:
        return False
    location = urljoin(endpoint, location)
    if origin(location) != origin(address):
        return False  # the signature goes nowhere else
    offset, patience = 0, delays(0.5, 10.0)
    for delay in islice(patience, _RESUMES):
        try:
            while offset < upload.size:
                offset = _patch(caller, location, headers, upload, offset, sent)
            return True
        except Unanswered:
            caller.http.sleep(delay)
        asked = caller.http.send("HEAD", location, headers=headers, repeat=True)
        known = asked.headers.get("upload-offset", "")
        if not (200 <= asked.status < 300 and known.isdecimal() and int(known) <= upload.size):
            return False  # the storage has forgotten it: start over, whole
        offset = int(known)
    raise Unanswered(
        "upload-broken-off", f"Sending {upload.name} broke off {_RESUMES} times; {offset} bytes had arrived.",
        hint="It is safe to try again.", sent=True,
    )  # fmt: skip


def _patch(
    caller: Caller, location: str, headers: Mapping[str, str], upload: Upload, offset: int, sent: Sent
) -> int:
    length = min(RESUMABLE_CHUNK, upload.size - offset)

    def body() -> Iterator[bytes]:
        upload.file.seek(offset)
        return _counted(_chunks(upload, length), lambda done: sent(offset + done))

    reply = caller.http.send(
        "PATCH", location, repeat=False, attempts=1, read_timeout=120.0, body=body, headers={
            **headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset),
            "Content-Length": str(length),
        },
    )  # fmt: skip
    if reply.status in (409, 423) or reply.status >= 500:  # the offset is another one, or locked: ask, go on
        raise Unanswered("upload-broken-off", f"Sending {upload.name} broke off.", sent=True)
    known = expect(reply, f"take {upload.name}").headers.get("upload-offset", "")
    return int(known) if known.isdecimal() and offset < int(known) <= upload.size else offset + length


def _address(caller: Caller, url: str) -> str:
    if url.startswith("/"):
        return caller.profile.supabase_url + ("" if url.startswith(paths.STORAGE) else paths.STORAGE) + url
    parts = urlsplit(url)
    if parts.scheme != "https" and origin(url) not in caller.profile.origins:
        raise SmartImportError(
            "bad-address", "The backend names a place for the upload that is not safe (no TLS). Nothing was sent.",
            exit_code=ExitCode.UNREACHABLE,
        )  # fmt: skip
    return url


def _resumable(address: str) -> tuple[str, str, str, str] | None:
    """Endpoint, bucket, object and token of a signed address of Supabase's storage; None for any other."""
    base, found, rest = address.partition(paths.SIGNED_UPLOAD + "/")
    path, _, query = rest.partition("?")
    bucket, slash, name = path.partition("/")
    token = parse_qs(query).get("token", [""])[0]
    if not found or not slash or not token:
        return None
    return base + paths.RESUMABLE_UPLOAD, unquote(bucket), unquote(name), token


def _chunks(upload: Upload, length: int | None = None) -> Iterator[bytes]:
    left = upload.size if length is None else length
    most = max(CHUNK, upload.size // STEPS)
    while left > 0 and (chunk := upload.file.read(min(most, left))):
        left -= len(chunk)
        yield chunk


def _counted(chunks: Iterator[bytes], sent: Sent) -> Iterator[bytes]:
    """The chunks; `sent` hears of each once the next is asked for, that is: when it has gone."""
    done = 0
    for chunk in chunks:
        yield chunk
        done += len(chunk)
        sent(done)
