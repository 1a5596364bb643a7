-- What a person has said of categories and budgets. Corrections go by fingerprint, so that they hold for a row
-- that is taken back and comes again.

CREATE TABLE category_corrections (
  fingerprint BLOB PRIMARY KEY,
  category TEXT NOT NULL,
  merchant TEXT NOT NULL,              -- with the description: what is learned from
  description TEXT NOT NULL,
  money_in INTEGER NOT NULL,
  created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE budgets (
  category TEXT NOT NULL COLLATE NOCASE,
  currency TEXT NOT NULL,              -- '' for whichever
  amount INTEGER NOT NULL CHECK (amount > 0),  -- units a month
  PRIMARY KEY (category, currency)
) WITHOUT ROWID;

-- Rises with every correction and budget: advice of an earlier opinion is out of date.
ALTER TABLE owner ADD COLUMN opinion INTEGER NOT NULL DEFAULT 0;
ALTER TABLE advice_messages ADD COLUMN opinion INTEGER NOT NULL DEFAULT 0;
