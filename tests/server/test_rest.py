"""Reads of the tables, as PostgREST answers them."""

import json
from datetime import datetime
from decimal import Decimal
from urllib.parse import quote

import httpx
import pytest

from smartimport_cli.backends.local.tables import Condition, Group, Order
from smartimport_cli.server.rest import BadQuery, read_query
from tests.server.conftest import Person, Served

PAGE = "/rest/v1/transactions"


@pytest.fixture(scope="module")
def cat(served: Served) -> "Person":  # type: ignore[misc]
    """A user with one finished import of twelve rows."""
    person = served.sign_in("cat@example.org")
    person.finished(12, first="2026-03-02")
    yield person
    person.http.close()


def test_rows_have_the_hosted_columns(cat: Person) -> None:
    (row,) = cat.read("imports")
    assert {
        "id", "user_id", "source", "file_url", "file_type", "pages", "status", "error", "created_at", "updated_at",
        "committed_at", "committed_count",
    } <= row.keys()  # fmt: skip
    assert (row["status"], row["user_id"], row["committed_count"]) == ("committed", cat.id, 12)
    staged = cat.read("transactions_staging", limit="1")[0]
    assert staged["data_json"]["memo"] == "Shop 0"
    assert cat.read("handoffs")[0]["context"] == {"importId": row["id"]}
    assert cat.read("advice_messages")[0]["insights_json"]["schema"]
    assert {event["event_type"] for event in cat.read("import_events")} >= {"import:parse:complete"}


def test_amounts_keep_their_digits_and_times_look_as_postgresql_prints_them(cat: Person) -> None:
    text = cat.http.get(PAGE, params={"select": "amount", "order": "amount.asc", "limit": "1"}).text
    assert json.loads(text, parse_float=Decimal) == [{"amount": Decimal("-12.11")}]
    created = cat.read("imports", select="created_at")[0]["created_at"]
    assert datetime.fromisoformat(created).utcoffset() is not None
    assert created.endswith("+00:00") and not created.removesuffix("+00:00").endswith("0")


def test_conditions_order_and_pages(cat: Person) -> None:
    def amounts(**params: str) -> list[float]:
        return [row["amount"] for row in cat.read("transactions", select="amount", **params)]

    assert amounts(amount="lt.-10.5", order="amount.desc") == [-11.1, -12.11]
    assert amounts(amount="in.(-1,-2.01)", order="amount.asc") == [-2.01, -1]
    assert amounts(posted_at="gte.2026-03-07", order="posted_at.desc,amount") == [-12.11, -11.1]
    assert amounts(merchant="like.Shop 1*", order="amount.desc", amount="not.eq.-2.01") == [-11.1, -12.11]
    assert amounts(category="not.is.null", limit="0") == []
    assert amounts(**{"or": '(amount.eq.-1,and(merchant.eq."Shop 4",amount.lt.0))'}, order="amount.asc") == [
        -5.04,
        -1,
    ]
    assert amounts(**{"not.or": "(amount.lt.-3,amount.gt.-1.5)"}) == [-2.01]
    assert amounts(order="amount.desc", limit="2", offset="3") == [-4.03, -5.04]


def test_a_keyset_page_over_time_and_id_misses_nothing(cat: Person) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = cat.http.get(f"/rest/v1/import_events?order=created_at.asc,id.asc&limit=3{after}").json()
        if not page:
            break
        seen += [row["id"] for row in page]
        at, last = quote(page[-1]["created_at"], safe=""), page[-1]["id"]
        after = f'&or=(created_at.gt."{at}",and(created_at.eq."{at}",id.gt.{last}))'
    assert len(seen) == len(set(seen)) == len(cat.read("import_events"))


def test_counts_ranges_and_single_objects(cat: Person) -> None:
    whole = cat.http.get(PAGE)
    assert (whole.status_code, whole.headers["content-range"]) == (200, "0-11/*")
    counted = cat.http.get(PAGE, params={"limit": "3"}, headers={"Prefer": "count=exact"})
    assert (counted.status_code, counted.headers["content-range"]) == (206, "0-2/12")
    ranged = cat.http.get(PAGE, headers={"Range": "10-20", "Range-Unit": "items", "Prefer": "count=exact"})
    assert (len(ranged.json()), ranged.headers["content-range"]) == (2, "10-11/12")
    head = cat.http.head(PAGE, headers={"Prefer": "count=exact"})
    assert (head.status_code, head.content, head.headers["content-range"]) == (200, b"", "0-11/12")
    beyond = cat.http.get(PAGE, params={"offset": "13"}, headers={"Prefer": "count=exact"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "PGRST103")
    nothing = cat.http.get(PAGE, params={"amount": "eq.5"}, headers={"Prefer": "count=exact"})
    assert (nothing.json(), nothing.headers["content-range"]) == ([], "*/0")
    single = {"Accept": "application/vnd.pgrst.object+json"}
    assert cat.http.get(PAGE, params={"amount": "eq.-1"}, headers=single).json()["amount"] == -1
    many = cat.http.get(PAGE, headers=single)
    assert (many.status_code, many.json()) == (
        406,
        {
            "code": "PGRST116", "details": "The result contains 12 rows", "hint": None,
            "message": "Cannot coerce the result to a single JSON object",
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nothing", 404, "PGRST205"),
        ("imports/x", 404, "PGRST125"),
        ("imports?id=eq.7", 400, "22P02"),
        ("imports?nothing=eq.7", 400, "42703"),
        ("imports?select=id,nothing", 400, "42703"),
        ("imports?created_at=gt.yesterday", 400, "22P02"),
        ("imports?id=7", 400, "PGRST100"),
        ("imports?or=(id.eq.7", 400, "PGRST100"),
        ("imports?order=id.sideways", 400, "PGRST100"),
        ("imports?limit=-1", 400, "PGRST100"),
        ("imports?select=id%27,1", 400, "PGRST100"),
        ("import_events?payload=eq.1", 400, "22P02"),
    ],
)
def test_bad_queries_are_answered_as_postgrest_does(cat: Person, path: str, status: int, code: str) -> None:
    done = cat.http.get(f"/rest/v1/{path}")
    assert (done.status_code, done.json()["code"]) == (status, code)
    assert done.json().keys() == {"code", "details", "hint", "message"}


def test_there_are_no_writes_and_no_reads_without_a_user(cat: Person) -> None:
    for method in ("POST", "PATCH", "DELETE"):
        done = cat.http.request(method, "/rest/v1/import_events", json={})
        assert (done.status_code, done.json()["code"]) == (403, "42501")
    for headers, code in (
        ({}, "PGRST302"), ({"Authorization": "Bearer x.y.z"}, "PGRST301"), ({"Authorization": f"Bearer {cat.key}"}, "42501"),
    ):  # fmt: skip
        done = httpx.get(f"{cat.url}/rest/v1/imports", headers=headers, trust_env=False)
        assert (done.status_code, done.json()["code"]) == (401, code)


def test_nobody_sees_another_users_rows(cat: Person, ben: Person) -> None:
    for table in (
        "imports",
        "import_events",
        "transactions",
        "transactions_staging",
        "handoffs",
        "advice_messages",
    ):
        theirs = {row["id"] for row in ben.read(table)}
        mine = {row["id"] for row in cat.read(table)}
        assert mine
        if table not in ("transactions", "transactions_staging"):  # whose ids are made of the content
            assert not mine & theirs
        assert {row["user_id"] for row in ben.read(table)} <= {ben.id}
        assert ben.read(table, user_id=f"eq.{cat.id}") == []


def test_a_query_is_read_whole() -> None:
    query = read_query(
        "imports",
        [
            ("select", "id,name:file_name"), ("status", "not.in.(parsed,\"a,b\")"), ("order", "id.desc.nullslast"),
            ("or", "(id.eq.1,not.and(error.is.null,error.eq.\"x\\\"y\"))"), ("limit", "7"), ("offset", "2"),
        ],
        {},
    )  # fmt: skip
    assert query.columns == (("id", "id"), ("file_name", "name"))
    assert query.where == Group("and", (
        Condition("status", "in", ("parsed", "a,b"), True),
        Group("or", (
            Condition("id", "eq", "1"),
            Group("and", (Condition("error", "is", "null"), Condition("error", "eq", 'x"y')), True),
        )),
    ))  # fmt: skip
    assert query.order == (Order("id", True, False),)
    assert (query.limit, query.offset) == (7, 2)


@pytest.mark.parametrize("text", ["(" * 50 + ")" * 50, "(" + ",".join(["id.eq.1"] * 300) + ")"])
def test_a_query_that_asks_for_too_much_is_refused(text: str) -> None:
    with pytest.raises(BadQuery):
        read_query("imports", [("or", text.replace("(", "(and(", 20) if "((" in text else text)], {})
