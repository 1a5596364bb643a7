"""The Crystal summary."""

from typing import Any


def render_text(insights: dict[str, Any], *, width: int, unicode: bool, color: bool) -> str:
    """Thin for now: the totals."""
    return "Crystal\n" + "\n".join(
        f"  Out {t['out']}, In {t['in']}, Net {t['net']} {t['currency']}" for t in insights.get("totals", [])
    )


def render_markdown(insights: dict[str, Any]) -> str:
    return render_text(insights, width=80, unicode=True, color=False)
