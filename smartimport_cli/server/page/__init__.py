"""The page at `/`: plain files of the package, nothing from elsewhere, and a policy that lets it load nothing else.

It shows what the server says: the list of imports (REST), the folded state of the one that is looked at
(`import-state`, the same reducer as everywhere), and it asks again whenever the websocket brings an event.
"""

import json
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {"Content-Security-Policy": _POLICY, "X-Frame-Options": "DENY"}
_KINDS = {"html": "text/html", "js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def routes(public_key: str) -> list[Route]:
    """The page's own routes; `public_key` is what it opens the websocket with."""
    folder = files(__package__)
    served = {"/": "index.html", "/page.js": "page.js", "/page.css": "page.css", "/page.svg": "page.svg"}

    def route(path: str, name: str) -> Route:
        content = (folder / name).read_bytes()

        async def show(request: Request) -> Response:
            return Response(content, 200, _HEADERS, media_type=_KINDS[name.rpartition(".")[2]])

        return Route(path, show, methods=["GET"])

    async def key(request: Request) -> Response:
        return Response(json.dumps({"key": public_key}), 200, _HEADERS, media_type="application/json")

    return [*(route(path, name) for path, name in served.items()), Route("/page.json", key, methods=["GET"])]
