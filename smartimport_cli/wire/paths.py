"""Where things are on a backend: functions, REST, sign-in, storage, Realtime."""

from urllib.parse import quote, urlencode, urlsplit, urlunsplit

FUNCTIONS = "/.netlify/functions"
OURS = "/smartimport/v1"
REST = "/rest/v1"
AUTH = "/auth/v1"
STORAGE = "/storage/v1"
REALTIME = "/realtime/v1/websocket"

AUTH_TOKEN = f"{AUTH}/token"  # ?grant_type=password|refresh_token
AUTH_USER = f"{AUTH}/user"
AUTH_LOGOUT = f"{AUTH}/logout"
BUCKET = "imports"
SIGNED_UPLOAD = f"{STORAGE}/object/upload/sign"  # /BUCKET/PATH?token=
RESUMABLE_UPLOAD = f"{STORAGE}/upload/resumable/sign"  # TUS 1.0.0

# Both generations
COMMIT = "commit-import"
# The generation "functions"
INGEST = "ingest-statement"
PARSE = "byte-ocr-parse"
HANDOFF = "prime-handoff"
ANALYZE = "crystal-analyze-import"
# The generation "documents"
INIT = "smart-import-init"
FINALIZE = "smart-import-finalize"
# Ours: where a backend lacks one it answers 404, and the client does without.
REJECT = "reject-import"  # {userId, importId, reason?} -> {ok: true}; 409 already_committed
UNDO = "undo-import"  # {userId, importId} -> {ok: true, removed}; 409 not_committed
# Ours, too, at a place of their own (`extension`); OFFERED says which there are: {} -> {ok, extensions: [...]}
OFFERED = "offered"
EDIT_BODY = 4 << 20  # bytes of edits that travel together, as they hold together: a hundred thousand or so
EDIT = "edit"  # {importId, changes: [[row, what, text|null], ...], digest?} -> {ok, preview}
CATEGORIZE = "categorize"  # {importId, line, category} -> {ok, transaction}
BUDGETS = "budgets"  # {set?: budget} or {remove?: {category, currency}} -> {ok, budgets, removed}
SUMMARY = "summary"  # {importId} -> {ok, advice, insights}: null where it is to be made anew
ANALYSE = "analyse"  # {importId} -> {ok}: make it anew
LABELS = "labels"  # {importId?, offset?} -> {ok, labels: [[transaction id, category|null], ...], more}: a page of them
EXTENSIONS = (EDIT, CATEGORIZE, BUDGETS, SUMMARY, ANALYSE, LABELS)

EVENTS = "import_events"
IMPORTS = "imports"
STAGING = "transactions_staging"
TRANSACTIONS = "transactions"
HANDOFFS = "handoffs"
ADVICE = "advice_messages"
TABLES = (IMPORTS, STAGING, TRANSACTIONS, HANDOFFS, ADVICE, EVENTS)


def function(name: str) -> str:
    """The path of a function."""
    return f"{FUNCTIONS}/{name}"


def extension(name: str) -> str:
    """The path of one of our extensions."""
    return f"{OURS}/{name}"


def table(name: str) -> str:
    """The path of a table over REST."""
    return f"{REST}/{name}"


def stored(bucket: str, path: str) -> str:
    """The path that a signed upload goes to (without its token)."""
    return f"{SIGNED_UPLOAD}/{quote(bucket, safe='')}/{quote(path)}"


def signed(path: str) -> str:
    """The same for bucket and path in one, as the storage names it: below itself."""
    return f"{SIGNED_UPLOAD.removeprefix(STORAGE)}/{quote(path)}"


def websocket(base: str, api_key: str, version: str) -> str:
    """The address of the Realtime socket of a backend at `base` (http or https)."""
    scheme, host, path, _, _ = urlsplit(base)
    query = urlencode({"apikey": api_key, "vsn": version})
    return urlunsplit(("wss" if scheme == "https" else "ws", host, path.rstrip("/") + REALTIME, query, ""))


def topic(import_id: str) -> str:
    """The channel in which one import is followed."""
    return f"realtime:import:{import_id}"
