-- What a person decides about staged rows before the commit. The staged row stays as it was read; its
-- fingerprint is its identity whatever is decided.

CREATE TABLE edits (
  id INTEGER PRIMARY KEY,              -- of the staged row
  fingerprint BLOB NOT NULL,           -- of the row as it was read
  excluded INTEGER,                    -- 1 left out, 0 taken in although an earlier import left it out
  posted_date INTEGER,                 -- NULL here and below: as it was read
  amount INTEGER,
  merchant TEXT,
  category TEXT
);
CREATE INDEX edits_excluded ON edits (fingerprint) WHERE excluded = 1;

CREATE TABLE edit_parts (              -- of a row that is split
  id INTEGER NOT NULL REFERENCES edits (id),
  part INTEGER NOT NULL,               -- 1, 2, 3 ...
  fingerprint BLOB NOT NULL,           -- the first part's is the row's own
  amount INTEGER NOT NULL,
  category TEXT,
  PRIMARY KEY (id, part)
) WITHOUT ROWID;

ALTER TABLE statements ADD COLUMN decided_proof TEXT;  -- JSON: with the edits; NULL: as it was read

-- Staged rows as they were decided: a split one is several. `left_out`: here, or by an import that is committed.
CREATE VIEW transactions_decided AS
SELECT
  s.id, coalesce(p.part, 1) AS part, s.account_no, coalesce(p.fingerprint, s.fingerprint) AS fingerprint,
  s.fingerprint AS read_fingerprint, s.line, coalesce(e.posted_date, s.posted_date) AS posted_date,
  coalesce(p.amount, e.amount, s.amount) AS amount, s.currency, s.description,
  coalesce(e.merchant, s.merchant) AS merchant, s.reference,
  CASE WHEN NOT EXISTS (SELECT 1 FROM edit_parts q WHERE q.id = s.id AND q.part = p.part + 1) THEN s.balance END
    AS balance,
  coalesce(p.category, e.category, s.category) AS category, s.pending,
  coalesce(e.excluded, EXISTS (
    SELECT 1 FROM edits o JOIN imports i ON i.no = o.id >> 32
    WHERE o.excluded = 1 AND o.fingerprint = s.fingerprint AND i.status = 'committed'
  )) AS left_out
FROM transactions_staging s
LEFT JOIN edits e ON e.id = s.id
LEFT JOIN edit_parts p ON p.id = s.id;

UPDATE imports SET compared_at = NULL;  -- a comparison now counts what is left out, too
