-- The embedded backend's tables, named as the hosted ones. Amounts are integer units (1/10,000), dates are
-- proleptic ordinals (date.toordinal), times ISO 8601 in UTC. Rows refer to an import by its short number `no`.

CREATE TABLE imports (
  no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL,
  source TEXT NOT NULL DEFAULT 'cli',
  file_name TEXT NOT NULL,
  file_url TEXT NOT NULL,              -- sha256 of the original, which names its place in originals/
  file_size INTEGER NOT NULL,
  file_type TEXT,
  choices TEXT NOT NULL,               -- JSON: what the user forced about the reading
  upload_key BLOB NOT NULL,            -- same content, same choices
  status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'parsed', 'committed', 'failed', 'rejected', 'undone')),
  step TEXT NOT NULL DEFAULT 'parse'   -- what happens next; 'approve' waits for a decision
    CHECK (step IN ('parse', 'approve', 'commit', 'handoff', 'analyse', 'done')),
  attempt INTEGER NOT NULL DEFAULT 0,  -- who drives: a driver that finds another number has been replaced
  last_seq INTEGER NOT NULL DEFAULT 0, -- of its events
  error TEXT,
  account TEXT,                        -- labels, for lists
  content_digest BLOB,                 -- over all staged rows
  currencies TEXT,                     -- JSON: those of the staged rows
  comparison TEXT,                     -- JSON: staged against committed rows, as of `compared_at`
  compared_at INTEGER,                 -- owner.generation
  approved_digest TEXT,
  row_count INTEGER,
  committed_count INTEGER,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  committed_at TEXT,
  undone_at TEXT
);
CREATE INDEX imports_upload ON imports (upload_key);

CREATE TABLE import_events (
  import_no INTEGER NOT NULL REFERENCES imports (no),
  seq INTEGER NOT NULL,                -- 1, 2, 3 ... without gaps, in commit order
  id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  payload TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (import_no, seq)
) WITHOUT ROWID;

CREATE TABLE accounts (
  no INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  label TEXT NOT NULL,
  kind TEXT,
  currency TEXT
);

CREATE TABLE statements (
  import_no INTEGER NOT NULL REFERENCES imports (no),
  statement_no INTEGER NOT NULL,
  account_no INTEGER NOT NULL REFERENCES accounts (no),
  currency TEXT,
  first_date INTEGER,
  last_date INTEGER,
  opening_balance INTEGER,
  closing_balance INTEGER,
  row_count INTEGER NOT NULL,
  proof TEXT NOT NULL,                 -- JSON
  issues TEXT NOT NULL,                -- JSON
  PRIMARY KEY (import_no, statement_no)
) WITHOUT ROWID;

CREATE TABLE transactions_staging (
  id INTEGER PRIMARY KEY,              -- import's number << 32 | row number in file order: appended, never sorted
  account_no INTEGER NOT NULL,
  fingerprint BLOB NOT NULL,
  line INTEGER NOT NULL,
  posted_date INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT,
  description TEXT NOT NULL,
  merchant TEXT NOT NULL,
  reference TEXT,
  balance INTEGER,
  category TEXT,
  pending INTEGER NOT NULL DEFAULT 0,
  issues TEXT                          -- JSON, NULL for none
);

CREATE TABLE unreadable (
  import_no INTEGER NOT NULL,
  line INTEGER NOT NULL,
  reason TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX unreadable_import ON unreadable (import_no);

CREATE TABLE transactions (
  no INTEGER PRIMARY KEY,
  import_no INTEGER NOT NULL,
  account_no INTEGER NOT NULL,
  fingerprint BLOB NOT NULL UNIQUE,    -- holds the account, see identity; its hex is the transaction's id
  line INTEGER NOT NULL,
  posted_date INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  currency TEXT,
  description TEXT NOT NULL,
  merchant TEXT NOT NULL,
  reference TEXT,
  balance INTEGER,
  category TEXT
);

CREATE TABLE handoffs (
  id TEXT PRIMARY KEY,
  import_no INTEGER NOT NULL REFERENCES imports (no),
  from_employee TEXT NOT NULL DEFAULT 'prime-boss',
  to_employee TEXT NOT NULL DEFAULT 'crystal-analytics',
  status TEXT NOT NULL DEFAULT 'initiated' CHECK (status IN ('initiated', 'completed', 'failed')),
  created_at TEXT NOT NULL
);

CREATE TABLE advice_messages (
  id TEXT PRIMARY KEY,
  import_no INTEGER NOT NULL REFERENCES imports (no),
  handoff_id TEXT NOT NULL REFERENCES handoffs (id),
  employee_key TEXT NOT NULL DEFAULT 'crystal-analytics',
  content TEXT NOT NULL,
  insights_json TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE owner (
  user_id TEXT NOT NULL,
  generation INTEGER NOT NULL DEFAULT 0  -- rises with every change of `transactions`
);
