"""Told in the environment: URL, KEY, EMAIL, PASSWORD, STATEMENT (path). Runs where `supabase` is installed."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from supabase import acreate_client


async def until(done: Callable[[], object]) -> None:
    for _ in range(1000):
        if done():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("it did not come to pass")


async def main() -> None:
    url = os.environ["URL"]
    supabase = await acreate_client(url, os.environ["KEY"])
    signed_in = await supabase.auth.sign_in_with_password(
        {"email": os.environ["EMAIL"], "password": os.environ["PASSWORD"]}
    )
    token, user = signed_in.session.access_token, signed_in.user.id
    live: list[dict[str, Any]] = []
    systems: list[str] = []
    statuses: list[str] = []
    channel = supabase.channel("import:py")
    channel.on_postgres_changes(
        "INSERT", lambda change: live.append(change["data"]["record"]), schema="public", table="import_events",
        filter=f"user_id=eq.{user}",
    )  # fmt: skip
    channel.on_system(lambda told: systems.append(told.status))
    await channel.subscribe(lambda status, error: statuses.append(str(status)))
    await until(lambda: "ok" in systems)

    async with httpx.AsyncClient(base_url=url, timeout=40, trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token}"}
        content = await asyncio.to_thread(Path(os.environ["STATEMENT"]).read_bytes)
        sent = await http.post(
            "/.netlify/functions/ingest-statement", headers=headers, data={"userId": user},
            files={"file": ("april.csv", content, "text/csv")},
        )  # fmt: skip
        import_id = sent.raise_for_status().json()["importId"]
        await until(lambda: any(event["event_type"] == "import:parse:complete" for event in live))
        done = await http.post(
            "/.netlify/functions/commit-import", headers=headers, json={"userId": user, "importId": import_id}
        )
        done.raise_for_status()
    await until(lambda: any(event["event_type"] == "crystal:analyze:complete" for event in live))

    events = (
        await supabase.table("import_events").select("*").eq("import_id", import_id).order("seq").execute()
    )
    single = await supabase.table("imports").select("*").eq("id", import_id).single().execute()
    counted = await supabase.table("transactions").select("id", count="exact").limit(1).execute()
    refreshed = await supabase.auth.refresh_session()
    await supabase.remove_channel(channel)
    own = f"{user}/{uuid4()}/signed.csv"
    signed = await supabase.storage.from_("imports").create_signed_upload_url(own)
    await supabase.storage.from_("imports").upload_to_signed_url(
        own, signed["token"], content, {"content-type": "text/csv"}
    )
    async with httpx.AsyncClient(base_url=url, timeout=40, trust_env=False) as http:
        done = await http.post(
            "/.netlify/functions/smart-import-finalize", headers=headers, json={"docId": own.split("/")[1]}
        )
    await supabase.auth.sign_out()
    print(json.dumps({
        "live": live, "stored": events.data, "statuses": statuses, "single": single.data["id"] == import_id,
        "count": counted.count, "signed": done.json()["started"], "refreshed": refreshed.session.access_token != token,
    }))  # fmt: skip


asyncio.run(main())
