"""What follows a commit: the handoff and the analysis, which the server drives by itself."""

from typing import Any

from starlette.responses import Response

from smartimport_cli.backends.local.tables import Condition
from smartimport_cli.server.answers import Refused, answer
from smartimport_cli.server.functions.call import Call, uuid_of, waited


async def hand_off(call: Call) -> Response:
    """`prime-handoff`: the handoff that followed the commit."""
    body = await call.body()
    import_id = uuid_of(body, "importId")
    record = await call.find(import_id)
    if record.status != "committed":
        raise Refused(400, "not_committed", "Only a committed import is handed off.")

    async def handoff() -> dict[str, Any] | None:
        return await call.newest("handoffs", Condition("import_id", "eq", import_id))

    found = await waited(handoff)
    if found is None:
        raise Refused(503, "handoff_pending", "The handoff goes on.", headers={"Retry-After": "2"})
    messages = (await call.state(import_id)).messages
    return answer({
        "handoffId": found["id"], "primeMessage": messages[-1] if messages else "",
        "status": "ready_for_crystal",
    })  # fmt: skip


async def analyse(call: Call) -> Response:
    """`crystal-analyze-import`: what the analysis brought; one that has failed is tried again."""
    body = await call.body()
    handoff_id = uuid_of(body, "handoffId")
    handoff = await call.newest("handoffs", Condition("id", "eq", handoff_id))
    if handoff is None:
        raise Refused(404, "no_handoff_found", "There is no such handoff.")
    if handoff["status"] == "failed":
        await call.tenant.work(lambda backend: backend.analyse(handoff["import_id"]))

    async def advice() -> dict[str, Any] | None:
        return await call.newest("advice_messages", Condition("handoff_id", "eq", handoff_id))

    found = await waited(advice)
    if found is None:
        raise Refused(503, "analysis_pending", "The analysis goes on.", headers={"Retry-After": "2"})
    insights = found["insights_json"]
    first: dict[str, Any] = (
        next(iter(insights.get("currencies", [])), {}) if isinstance(insights, dict) else {}
    )
    return answer({
        "handoffId": handoff_id, "summary": found["content"], "budgetImpact": first.get("net"),
        "forecastDelta": first.get("change"),
        "topCategories": [one.get("category") for one in first.get("categories", [])],
        "insights": insights,
    })  # fmt: skip
