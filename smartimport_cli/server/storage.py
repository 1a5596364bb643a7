"""Signed uploads, as Supabase Storage takes them: in one piece (PUT), or resumable (TUS 1.0.0).

Only what was promised can be put, once, with a token for exactly that: by `smart-import-init`, or by a signature that
the user asks for here (POST) for USER/DOC/NAME in the bucket; DOC is the uuid that `smart-import-finalize` is then told.
The bytes go straight to the originals of the token's user. Errors are HTTP 400 with the real status in the body, as the
hosted service's are.
"""

import asyncio
import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from smartimport_cli.backends.local.originals import Incoming
from smartimport_cli.core.errors import SmartImportError
from smartimport_cli.core.text import clean
from smartimport_cli.server.admission import check_name, check_type
from smartimport_cli.server.answers import Callers, Refused, answer
from smartimport_cli.server.incoming import Spool, receive_file
from smartimport_cli.server.log import Log
from smartimport_cli.server.quota import Quota
from smartimport_cli.server.tenants import Tenants
from smartimport_cli.server.tokens import BadToken, Tokens, is_uuid
from smartimport_cli.server.users import PromisedUpload, Users
from smartimport_cli.wire import paths

TUS = "1.0.0"
MAX_OPEN = 50  # resumable uploads under way
FORGET_SECONDS = 3600.0


@dataclass
class _Resumable:
    """A TUS upload under way: kept in memory, for it is begun anew after a restart (HEAD answers 404)."""

    promised: PromisedUpload
    incoming: Incoming
    length: int
    touched: float
    lock: asyncio.Lock


class Storage:
    """The routes below /storage/v1."""

    def __init__(
        self, tenants: Tenants, users: Users, tokens: Tokens, callers: Callers, quota: Quota, log: Log,
        *, max_file: int,
    ) -> None:  # fmt: skip
        self._tenants = tenants
        self._users = users
        self._tokens = tokens
        self._callers = callers
        self._quota = quota
        self._log = log
        self._max_file = max_file
        self._resumable: dict[str, _Resumable] = {}

    def routes(self) -> list[Route]:
        """What is answered below /storage/v1."""
        return [
            Route(f"{paths.SIGNED_UPLOAD}/{{path:path}}", self._told(self._put), methods=["PUT"]),
            Route(f"{paths.SIGNED_UPLOAD}/{{path:path}}", self._told(self._sign), methods=["POST"]),
            Route(paths.RESUMABLE_UPLOAD, self._told(self._create), methods=["POST"]),
            Route(f"{paths.RESUMABLE_UPLOAD}/{{id}}", self._told(self._resume), methods=["HEAD", "PATCH"]),
        ]

    def _told(self, call: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def told(request: Request) -> Response:
            try:
                response: Response = await call(request)
                self._log.info("storage", method=request.method, status=response.status_code)
                return response
            except BadToken as error:
                code = "ExpiredToken" if error.expired else "InvalidSignature"
                message = "The provided token has expired." if error.expired else str(error)
                refused = Refused(400, code, message)
            except Refused as error:
                refused = error
            self._log.info("storage.refused", method=request.method, reason=refused.code)
            shown = 400 if refused.status == 413 and request.method == "PUT" else refused.status
            return answer(
                {
                    "statusCode": str(refused.more.get("real", refused.status)), "code": refused.code,
                    "error": refused.more.get("name", refused.code), "message": refused.message,
                },
                shown, refused.headers,
            )  # fmt: skip

        return told

    async def _sign(self, request: Request) -> Response:
        """A token for an upload that was promised before, or is now (`createSignedUploadUrl`)."""
        path, user_id = request.path_params["path"], self._callers.user_id(request)
        promised = await asyncio.to_thread(lambda: self._users.upload(path=path))
        if promised is None:
            await self._promise(path, user_id)
            promised = await asyncio.to_thread(lambda: self._users.upload(path=path))
        if promised is None or promised.user_id != user_id:
            raise _not_yours()
        if promised.original is not None:
            raise _duplicate()
        token = self._tokens.upload(path, user_id)
        return answer({"url": f"{paths.signed(path)}?token={token}", "token": token})

    async def _promise(self, path: str, user_id: str) -> None:
        bucket, _, key = path.partition("/")
        if bucket != paths.BUCKET:
            raise Refused(400, "NoSuchBucket", "Bucket not found", real=404, name="Bucket not found")
        owner, _, rest = key.partition("/")
        doc, _, name = rest.partition("/")
        if owner != user_id or not is_uuid(doc):
            raise _not_yours()
        check_name(name)
        check_type(name, "")
        await self._quota.check(await self._tenants.of(user_id), user_id)
        promised = PromisedUpload(
            str(UUID(doc)), user_id, str(uuid4()), path, clean(name), self._tokens.now()
        )
        await asyncio.to_thread(self._users.promise, promised)  # not where another path has this id

    async def _put(self, request: Request) -> Response:
        path = request.path_params["path"]
        promised = await self._promised(request.query_params.get("token", ""), path)
        tenant = await self._tenants.of(promised.user_id)
        arrived = await receive_file(
            request, tenant.originals, limit=self._max_file, file_fields=("", "file")
        )
        if arrived.original is None or not arrived.size:
            raise Refused(400, "InvalidRequest", "There is no file in the request.")
        await self._arrived(promised, arrived.original, arrived.size)
        return answer({"Key": path})

    async def _promised(self, token: str, path: str | None = None) -> PromisedUpload:
        """The upload that the token is for. Raises BadToken, Refused."""
        signed, owner = self._tokens.check_upload(token)
        if path is not None and path != signed:
            raise BadToken("The token is for another path.")
        promised = await asyncio.to_thread(lambda: self._users.upload(path=signed))
        if promised is None or promised.user_id != owner:
            raise Refused(400, "NoSuchKey", "Object not found", real=404, name="not_found")
        if promised.original is not None:
            raise _duplicate()
        return promised

    async def _arrived(self, promised: PromisedUpload, original: str, size: int) -> None:
        if not await asyncio.to_thread(self._users.arrived, promised.path, original, size):
            raise _duplicate()

    # -- TUS

    async def _create(self, request: Request) -> Response:
        _check_version(request)
        promised = await self._promised(request.headers.get("x-signature", ""))
        named = _metadata(request.headers.get("upload-metadata", ""))
        if f"{named.get('bucketName')}/{named.get('objectName')}" != promised.path:
            raise BadToken("The token is for another path.")
        length = request.headers.get("upload-length", "")
        if not length.isdecimal() or not 0 < int(length) <= self._max_file:
            raise Refused(413, "EntityTooLarge", "The object exceeded the maximum allowed size")
        self._forget()
        if len(self._resumable) >= MAX_OPEN:
            raise Refused(429, "SlowDown", "Too many uploads are under way.", headers={"Retry-After": "5"})
        tenant = await self._tenants.of(promised.user_id)
        incoming = await asyncio.to_thread(tenant.originals.incoming)
        id = base64.urlsafe_b64encode(os.urandom(24)).decode()
        self._resumable[id] = _Resumable(promised, incoming, int(length), self._now(), asyncio.Lock())
        return Response(
            status_code=201,
            headers={
                "Tus-Resumable": TUS, "Location": f"{request.url.scheme}://{request.headers['host']}"
                f"{paths.RESUMABLE_UPLOAD}/{id}",
            },
        )  # fmt: skip

    async def _resume(self, request: Request) -> Response:
        _check_version(request)
        upload = self._resumable.get(request.path_params["id"])
        signed, _ = self._tokens.check_upload(request.headers.get("x-signature", ""))
        if upload is None or upload.promised.path != signed:
            raise Refused(404, "NoSuchUpload", "There is no such upload; begin it anew.")
        if request.method == "PATCH":
            await self._patch(request, upload)
        headers = {
            "Tus-Resumable": TUS, "Upload-Offset": str(upload.incoming.size), "Upload-Length": str(upload.length),
        }  # fmt: skip
        return Response(status_code=204 if request.method == "PATCH" else 200, headers=headers)

    async def _patch(self, request: Request, upload: _Resumable) -> None:
        if request.headers.get("content-type") != "application/offset+octet-stream":
            raise Refused(415, "InvalidContentType", "Send application/offset+octet-stream.")
        if upload.lock.locked():
            raise Refused(409, "ResourceLocked", "Another request writes to this upload.")
        async with upload.lock:
            if request.headers.get("upload-offset") != str(upload.incoming.size):
                raise Refused(409, "OffsetConflict", "Upload-Offset conflict")
            spool, most = Spool(upload.incoming), upload.length - upload.incoming.size
            try:
                async for chunk in request.stream():
                    if spool.size + len(chunk) > most:
                        raise Refused(413, "EntityTooLarge", "More came than was announced.")
                    spool.add(chunk)
                    await spool.write_on()
                    upload.touched = self._now()
            finally:  # what came of a request that broke off counts
                await self._flush(spool, upload)
            if upload.incoming.size == upload.length:
                original = await asyncio.to_thread(upload.incoming.keep)
                self._resumable.pop(request.path_params["id"], None)
                await self._arrived(upload.promised, original, upload.length)

    async def _flush(self, spool: Spool, upload: _Resumable) -> None:
        try:
            await spool.flush()
        except SmartImportError:  # the disk did not take what was hashed: it cannot go on
            self._resumable = {id: other for id, other in self._resumable.items() if other is not upload}
            upload.incoming.close()
            raise

    def _forget(self) -> None:
        for id, upload in list(self._resumable.items()):
            if self._now() - upload.touched > FORGET_SECONDS and not upload.lock.locked():
                upload.incoming.close()
                del self._resumable[id]

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def close(self) -> None:
        """Drop what has not come whole."""
        for upload in self._resumable.values():
            upload.incoming.close()
        self._resumable.clear()


def _duplicate() -> Refused:
    return Refused(400, "KeyAlreadyExists", "The resource already exists", real=409, name="Duplicate")


def _not_yours() -> Refused:
    """Where nobody may put anything but their own, in the words of the hosted service."""
    return Refused(
        400, "AccessDenied", "new row violates row-level security policy", real=403, name="Unauthorized"
    )


def _check_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != TUS:
        raise Refused(412, "InvalidTusVersion", "This is TUS 1.0.0.", headers={"Tus-Version": TUS})


def _metadata(text: str) -> dict[str, str]:
    named = {}
    for part in text.split(","):
        name, _, value = part.strip().partition(" ")
        try:
            named[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(400, "InvalidMetadata", "Upload-Metadata cannot be read.") from None
    return named
