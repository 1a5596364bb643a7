"""Signing in as GoTrue does it, and who is let through the door."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from smartimport_cli.core.errors import UsageError
from smartimport_cli.server.door import Door
from smartimport_cli.server.log import Log, without_secrets
from smartimport_cli.server.tokens import BadToken, Tokens, load_secret
from smartimport_cli.server.users import SignInRefused, Users
from tests.server.conftest import PASSWORD, Person, Served, Starter

TOKEN = "/auth/v1/token"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def users(tmp_path: Path, clock: Clock) -> Users:  # type: ignore[misc]
    users = Users(tmp_path, clock)
    yield users
    users.close()


OWNER = "22222222-2222-4222-8222-222222222222"


def test_the_session_is_whole(served: Served, ann: Person) -> None:
    session = ann.session
    assert session["token_type"] == "bearer"
    assert session["expires_in"] == 3600
    assert {"id", "aud", "role", "email", "app_metadata", "user_metadata", "created_at"} <= session[
        "user"
    ].keys()
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["role"], claims["aud"]) == (ann.id, "authenticated", "authenticated")
    assert claims["exp"] == session["expires_at"]
    assert ann.http.get("/auth/v1/user").json()["email"] == "ann@example.org"


def test_refresh_tokens_are_rotated(ann: Person) -> None:
    def refresh(token: str) -> httpx.Response:
        return ann.http.post(TOKEN, params={"grant_type": "refresh_token"}, json={"refresh_token": token})

    first = refresh(ann.session["refresh_token"]).json()
    assert first["refresh_token"] != ann.session["refresh_token"]
    assert refresh(ann.session["refresh_token"]).status_code == 200  # an answer that was lost, a moment ago
    assert refresh(first["refresh_token"]).status_code == 200
    wrong = refresh("nonsense")
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "refresh_token_not_found")


def test_a_refresh_token_used_again_later_ends_its_session(users: Users, clock: Clock) -> None:
    user = users.add("a@example.org", PASSWORD, OWNER)
    session, first = users.begin_session(user)
    _, _, second = users.refresh(first)
    clock.pass_(seconds=11)
    with pytest.raises(SignInRefused) as refused:
        users.refresh(first)
    assert refused.value.code == "refresh_token_already_used"
    assert users.has_ended(session)
    with pytest.raises(SignInRefused):
        users.refresh(second)


def test_signing_out_ends_the_session_at_once(served: Served) -> None:
    ann, other = served.sign_in("ann@example.org"), served.sign_in("ann@example.org")
    assert ann.http.post("/auth/v1/logout", params={"scope": "local"}).status_code == 204
    assert ann.http.get("/rest/v1/imports").status_code == 401
    assert ann.http.get("/auth/v1/user").status_code == 403
    assert other.http.get("/rest/v1/imports").status_code == 200
    ann.http.close(), other.http.close()


def test_errors_have_the_form_that_the_client_asks_for(served: Served) -> None:
    with httpx.Client(base_url=served.url, trust_env=False) as http:
        body = {"email": "nobody@example.org", "password": "wrong"}
        old = http.post(TOKEN, params={"grant_type": "password"}, json=body)
        assert (old.status_code, old.json()) == (
            400, {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"},
        )  # fmt: skip
        new = http.post(
            TOKEN,
            params={"grant_type": "password"},
            json=body,
            headers={"X-Supabase-Api-Version": "2024-01-01"},
        )
        assert new.json() == {"code": "invalid_credentials", "message": "Invalid login credentials"}
        assert new.headers["x-sb-error-code"] == "invalid_credentials"
        assert http.post(TOKEN, params={"grant_type": "magic"}, json={}).status_code == 400
        assert http.get("/auth/v1/user").status_code == 401
        assert http.get("/auth/v1/.well-known/jwks.json").json() == {"keys": []}


def test_guessing_passwords_has_an_end(served: Served) -> None:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=20) as http:
        answers = [
            http.post(
                TOKEN,
                params={"grant_type": "password"},
                json={"email": "dan@example.org", "password": f"guess{n}"},
            )
            for n in range(11)
        ]
    assert [answer.status_code for answer in answers] == [400] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0


def test_the_one_time_token_signs_the_owner_in_once(start: Starter) -> None:
    served = start()
    owner = served.owner()
    assert owner.http.get("/rest/v1/imports").json() == []
    again = owner.http.post(
        "/auth/v1/verify", json={"type": "magiclink", "token_hash": served.one_time_token}
    )
    assert (again.status_code, again.json()["error_code"]) == (403, "otp_expired")
    owner.http.close()


def test_the_first_user_with_a_password_is_the_owner(users: Users) -> None:
    users.owner(OWNER)
    first = users.add("Me@Example.org ", PASSWORD, OWNER)
    second = users.add("you@example.org", PASSWORD, OWNER)
    assert (first.id, first.email) == (OWNER, "me@example.org")
    assert second.id != OWNER
    assert users.add("me@example.org", "another password", OWNER).id == OWNER
    with pytest.raises(SignInRefused):
        users.by_password("me@example.org", PASSWORD)
    assert users.by_password("me@example.org", "another password") == first


@pytest.mark.parametrize(("email", "password"), [("nobody", PASSWORD), ("a@b", "short"), ("a@b", "x" * 2000)])
def test_bad_users_are_not_added(users: Users, email: str, password: str) -> None:
    with pytest.raises(UsageError):
        users.add(email, password, OWNER)


def test_passwords_and_tokens_are_not_on_the_disk(tmp_path: Path, users: Users) -> None:
    _, token = users.begin_session(users.add("a@example.org", PASSWORD, OWNER))
    whole = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert PASSWORD.encode() not in whole
    assert token.encode() not in whole
    assert (tmp_path / "server.db").stat().st_mode & 0o077 == 0


def test_tokens_are_believed_only_as_signed_here(clock: Clock) -> None:
    tokens = Tokens("s" * 48, clock)
    token, expires = tokens.access(OWNER, "a@example.org", "session")
    claims = tokens.check(token)
    assert (claims.user_id, claims.role, claims.expires_at) == (OWNER, "authenticated", expires)
    body = jwt.decode(token, options={"verify_signature": False})
    for forged in (
        jwt.encode(body, "t" * 48, "HS256"),
        jwt.encode(body, "s" * 64, "HS512"),
        jwt.encode(body, None, "none"),
        jwt.encode({k: v for k, v in body.items() if k != "exp"}, "s" * 48, "HS256"),
        jwt.encode({**body, "sub": "../other"}, "s" * 48, "HS256"),
        token[:-4] + "AAAA",
        "",
    ):
        with pytest.raises(BadToken):
            tokens.check(forged)
    with pytest.raises(BadToken):
        tokens.check_upload(token)
    clock.pass_(seconds=3605)
    with pytest.raises(BadToken) as late:
        tokens.check(token)
    assert late.value.expired
    assert tokens.check(token, skew=30).user_id == OWNER


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    assert len(secret) >= 32
    assert load_secret(tmp_path) == secret
    assert (tmp_path / "server.secret").stat().st_mode & 0o077 == 0


# -- the door


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_host_and_origin_are_checked(served: Served, headers: dict[str, str], status: int) -> None:
    assert httpx.get(served.url, headers=headers, trust_env=False).status_code == status
    if status != 200:
        address = f"{served.url.replace('http', 'ws')}/realtime/v1/websocket?apikey={served.key}"
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(address, proxy=None, additional_headers=headers),
        ):
            pass
        assert refused.value.response.status_code == status


def test_only_named_origins_get_cors(start: Starter) -> None:
    served = start("--origin", "http://localhost:3000")
    asked = {"Access-Control-Request-Method": "POST", "Origin": "http://localhost:3000"}
    with httpx.Client(base_url=served.url, trust_env=False) as http:
        allowed = http.options("/.netlify/functions/commit-import", headers=asked)
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (
            204,
            "http://localhost:3000",
        )
        other = http.options("/rest/v1/imports", headers={**asked, "Origin": "http://localhost:3001"})
        assert (other.status_code, "access-control-allow-origin" in other.headers) == (403, False)
        own = http.get("/", headers={"Origin": served.url})
        assert (own.status_code, "access-control-allow-origin" in own.headers) == (200, False)


def test_one_address_has_an_allowance() -> None:
    said: list[int] = []

    async def app(scope: object, receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b""})  # type: ignore[operator]

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            said.append(int(str(message["status"])))

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def knock() -> None:
        log = Log(lambda line: None, Clock())
        door = Door(app, hosts=["a:1"], origins=[], large_body=10, log=log, per_second=1.0)
        scope = {
            "type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"a:1")], "client": ("127.0.0.1", 9),
        }  # fmt: skip
        for _ in range(1100):
            await door(scope, receive, send)
        await door({**scope, "client": ("127.0.0.2", 9)}, receive, send)

    asyncio.run(knock())
    assert said[:1000] == [200] * 1000
    assert said[1001:1100] == [429] * 99
    assert said[-1] == 200


def test_what_the_log_leaves_out() -> None:
    lines: list[str] = []
    log = Log(lines.append, Clock())
    log.info(
        "test",
        user=OWNER,
        access_token="abc",
        api_key="k",
        error="Bearer abc.def failed",
        long="x" * 500,
        n=3,
    )
    line = json.loads(lines[0])
    assert line["timestamp"] == "2026-03-01T12:00:00+00:00"
    assert line["context"].keys() == {"user", "error", "long", "n"}
    assert line["context"]["user"] == OWNER[:8]
    assert "abc" not in lines[0]
    assert len(line["context"]["long"]) == 200


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Basic Zm9v", "Zm9v"), ("password=hunter22", "hunter22"), ('"apikey": "k 123"', "123"),
        ("card 4111 1111 1111 1111", "4111 1111"), ("id 123-45-6789", "6789"), ("eyJhbGciOi.eyJzdWIi.c2ln", "eyJzdWIi"),
    ],
)  # fmt: skip
def test_error_texts_lose_their_secrets(text: str, secret: str) -> None:
    shown = without_secrets(f"it failed with {text} at line 3")
    assert secret not in shown
    assert shown.endswith("at line 3")
