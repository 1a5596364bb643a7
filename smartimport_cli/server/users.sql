-- Who may sign in to this server, and the sessions that are open. Times are unix seconds.

CREATE TABLE IF NOT EXISTS users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  password TEXT,                       -- scrypt$n$r$p$salt$hash, NULL where nobody has set one
  created_at TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS refresh_tokens (
  digest TEXT PRIMARY KEY,             -- sha256: the token itself is never stored
  user_id TEXT NOT NULL REFERENCES users (id),
  session_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER                      -- rotated then: good for a moment more, then a sign of theft
);
CREATE INDEX IF NOT EXISTS refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE IF NOT EXISTS ended_sessions (
  session_id TEXT PRIMARY KEY,
  ended_at INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS uploads (   -- promised by smart-import-init
  id TEXT PRIMARY KEY,                 -- the document's
  user_id TEXT NOT NULL,
  import_id TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,           -- bucket/object name
  file_name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  original TEXT,                       -- sha256, once the bytes are here
  size INTEGER
);
