-- What is doubted about a reading, beside what is doubted about one of its statements.

ALTER TABLE imports ADD COLUMN issues TEXT;  -- JSON: [[code, message, source], ...]; NULL: nothing
