"""Signing in, staying signed in, and where secrets lie."""

import json
import os
import stat
import threading
import time
from pathlib import Path
from typing import Any

import keyring
import keyring.backend
import keyring.errors
import pytest

from smartimport_cli.backends.remote import credentials as credentials_module
from smartimport_cli.backends.remote.credentials import Credentials
from smartimport_cli.backends.remote.http import Http
from smartimport_cli.backends.remote.profile import Profile, origin, profile_named
from smartimport_cli.backends.remote.session import Session, environment_tokens
from smartimport_cli.backends.remote.token import Tokens
from smartimport_cli.core.errors import ExitCode, SmartImportError, UsageError
from tests.backends.remote.fake_supabase import USER, FakeSupabase, jwt


@pytest.fixture
def profile(fake: FakeSupabase) -> Profile:
    return Profile("fake", fake.url, fake.url, "anon")


@pytest.fixture
def http() -> Any:
    http = Http(sleep=lambda seconds: None)
    yield http
    http.close()


def test_signing_in_keeps_a_session_of_ones_own(
    fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path
) -> None:
    session = Session(profile, http, Credentials(tmp_path / "config", "fake"))
    where = session.sign_in("me@example.com", "correct horse")
    assert "only you can read" in where
    file = tmp_path / "config" / "credentials.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = Session(profile, http, Credentials(tmp_path / "config", "fake"))
    assert again.access_token() in fake.access_tokens
    assert again.user_id == USER
    assert again.sign_out()
    assert not file.exists()
    with pytest.raises(SmartImportError) as nobody:
        again.access_token()
    assert nobody.value.exit_code is ExitCode.SIGN_IN


def test_a_wrong_password_is_exit_4_in_the_backends_words(
    fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path
) -> None:
    with pytest.raises(SmartImportError, match="Invalid login credentials") as refused:
        Session(profile, http, Credentials(tmp_path, "fake")).sign_in("me@example.com", "wrong")
    assert refused.value.exit_code is ExitCode.SIGN_IN


def test_a_token_that_ends_is_exchanged_once_by_all_who_need_it(
    fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path
) -> None:
    """Eight sessions, as of eight processes; a refresh token works once."""
    credentials = Credentials(tmp_path, "fake")
    credentials.save(Tokens.of(jwt(exp=time.time() + 5), "refresh-0"))
    got: list[str] = []
    threads = [
        threading.Thread(
            target=lambda: got.append(Session(profile, http, Credentials(tmp_path, "fake")).access_token())
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert fake.refreshes == 1
    assert set(got) == fake.access_tokens
    stored = credentials.load()
    assert stored is not None
    assert stored.refresh in fake.refresh_tokens


def test_a_refresh_token_that_was_used_up_asks_for_a_new_sign_in(
    fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path
) -> None:
    Credentials(tmp_path, "fake").save(Tokens.of(jwt(exp=time.time() - 5), "refresh-gone"))
    with pytest.raises(SmartImportError) as refused:
        Session(profile, http, Credentials(tmp_path, "fake")).access_token()
    assert refused.value.exit_code is ExitCode.SIGN_IN
    assert "refresh-gone" not in refused.value.message


def test_credentials_go_to_their_own_origins_only(fake: FakeSupabase, http: Http) -> None:
    profile = Profile("fake", "https://a.example", "https://b.example:8443/x")
    session = Session(profile, http, None, Tokens.of(jwt(exp=time.time() + 999)))
    for url in ("https://a.example/y", "https://A.EXAMPLE:443/", "https://b.example:8443/z"):
        assert "Authorization" in session.headers(url)
    for url in (
        "http://a.example/",
        "https://a.example:444/",
        "https://b.example/x",
        "https://a.example.evil/",
    ):
        assert session.headers(url) == {}


def test_stored_tokens_are_bound_to_where_the_profile_points(tmp_path: Path) -> None:
    Credentials(tmp_path, f"work {origin('https://a.example')}").save(Tokens.of("abc.def.ghi"))
    assert Credentials(tmp_path, f"work {origin('https://a.example/other')}").load() is not None
    assert Credentials(tmp_path, f"work {origin('https://evil.example')}").load() is None


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    credentials = Credentials(tmp_path, "fake")
    credentials.save(Tokens.of("abc.def.ghi"))
    (tmp_path / "credentials.json").chmod(0o644)
    with pytest.raises(SmartImportError, match="read by others"):
        credentials.load()


class Vault(keyring.backend.KeyringBackend):
    """A keyring in memory; `broken` makes it fail as a locked one does."""

    priority = 1  # type: ignore[assignment]
    broken = False

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise keyring.errors.KeyringLocked
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Vault:
    vault = Vault()
    monkeypatch.setattr(keyring, "get_keyring", lambda: vault)
    return vault


def test_an_allowed_keyring_holds_the_secrets(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(credentials_module, "KEYRINGS", {__name__})
    credentials = Credentials(tmp_path, "fake")
    assert "keyring" in credentials.save(Tokens.of("abc.def.ghi", "r"))
    assert list(tmp_path.iterdir()) == []
    assert credentials.load() == Tokens.of("abc.def.ghi", "r")
    assert credentials.forget()
    assert vault.secrets == {}
    vault.broken = True
    assert "only you can read" in credentials.save(Tokens.of("abc.def.ghi"))
    assert credentials.load() is not None


def test_a_keyring_of_unknown_making_is_not_used(vault: Vault, tmp_path: Path) -> None:
    """A plain text one may have registered itself just by being installed."""
    assert "only you can read" in Credentials(tmp_path, "fake").save(Tokens.of("abc.def.ghi"))
    assert vault.secrets == {}


@pytest.mark.parametrize("token", ["", "two words", "new\nline", "ünïcode", "esc\x1b"])
def test_what_could_not_travel_in_a_header_is_no_token(token: str) -> None:
    with pytest.raises(UsageError) as refused:
        Tokens.of(token)
    assert not token or token not in refused.value.message


def test_tokens_of_the_environment(fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path) -> None:
    assert environment_tokens({}) is None
    given = environment_tokens({"SMARTIMPORT_REFRESH_TOKEN": "refresh-0\n"})
    session = Session(profile, http, Credentials(tmp_path, "fake"), given)
    assert session.access_token() in fake.access_tokens
    assert session.user_id == USER
    assert list(tmp_path.iterdir()) == []  # what came from the environment is not stored


def test_a_token_that_names_no_user_is_asked_about(fake: FakeSupabase, profile: Profile, http: Http) -> None:
    fake.access_tokens.add("opaque-token")
    assert Session(profile, http, None, Tokens.of("opaque-token")).user_id == USER


def test_a_pasted_token_that_the_backend_does_not_take_is_not_kept(
    profile: Profile, http: Http, tmp_path: Path
) -> None:
    with pytest.raises(SmartImportError) as refused:
        Session(profile, http, Credentials(tmp_path, "fake")).paste(jwt(exp=time.time() + 999))
    assert refused.value.exit_code is ExitCode.SIGN_IN
    assert list(tmp_path.iterdir()) == []


def test_a_pasted_session_may_be_what_a_sign_in_answers(
    fake: FakeSupabase, profile: Profile, http: Http, tmp_path: Path
) -> None:
    session = Session(profile, http, Credentials(tmp_path, "fake"))
    session.paste(json.dumps({"access_token": fake.issue(), "refresh_token": "refresh-0", "user": {}}))
    fake.expire_tokens()
    assert session.access_token(refused=session.access_token()) in fake.access_tokens


def test_secrets_do_not_show() -> None:
    assert "abc" not in repr(Tokens.of("abc.def.ghi", "refresh-abc"))
    assert "abc" not in f"{Tokens.of('abc.def.ghi')}"


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"url": "imports.example.com"},
        {"url": "http://imports.example.com"},
        {"url": "https://user:pw@imports.example.com"},
        {"url": "https://imports.example.com?token=x"},
        {"url": "https://[::1"},
        {"url": "https://a.example", "token": "x"},
        {"url": "https://a.example", "verify": False},
        {"url": "https://a.example", "api": "graphql"},
        {"url": "https://a.example", "pipeline": "both"},
        {"url": "https://a.example", "give_up": "soon"},
        {"url": "https://a.example", "api_key": jwt(role="service_role").replace("authenticated", "")},
        {"url": "https://a.example", "api_key": "sb_secret_abc"},
    ],
)
def test_a_wrong_profile_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(UsageError) as refused:
        Profile.of("work", table)
    assert refused.value.code == "bad-profile"
    assert "pw@" not in refused.value.message


def test_naming_a_backend() -> None:
    profiles: dict[str, dict[str, Any]] = {"work": {"url": "https://a.example/", "api": "documents"}}
    assert profile_named("work", profiles).api == "documents"
    assert profile_named("https://a.example", profiles).name == "work"
    assert profile_named("https://b.example", profiles).api == "functions"
    assert profile_named("http://127.0.0.1:8787", {}, "key").api_key == "key"
    with pytest.raises(UsageError):
        profile_named("nowhere", profiles)


def test_the_file_holds_several_sessions(tmp_path: Path) -> None:
    one, two = Credentials(tmp_path, "one"), Credentials(tmp_path, "two")
    one.save(Tokens.of("a.b.c"))
    two.save(Tokens.of("d.e.f"))
    assert one.forget()
    assert two.load() == Tokens.of("d.e.f")
    assert list(json.loads((tmp_path / "credentials.json").read_text())) == ["two"]
