-- seq numbers the events of an import 1, 2, 3 ... without gaps, in the order in which they are committed: a counter
-- row of the import stays locked from the number to the end of the transaction. created_at is taken under that lock.

CREATE TABLE IF NOT EXISTS smartimport.event_counters (
  import_id uuid PRIMARY KEY,
  last_seq bigint NOT NULL DEFAULT 0
);

LOCK TABLE public.import_events IN SHARE ROW EXCLUSIVE MODE; -- nobody writes while the older rows are numbered
ALTER TABLE public.import_events ADD COLUMN IF NOT EXISTS seq bigint;

WITH numbered AS (
  SELECT id, row_number() OVER (PARTITION BY import_id ORDER BY seq NULLS LAST, created_at, id) AS number
  FROM public.import_events
)
UPDATE public.import_events AS event
SET seq = numbered.number
FROM numbered
WHERE event.id = numbered.id AND event.seq IS DISTINCT FROM numbered.number;

INSERT INTO smartimport.event_counters (import_id, last_seq)
SELECT import_id, max(seq) FROM public.import_events GROUP BY import_id
ON CONFLICT (import_id) DO UPDATE SET last_seq = excluded.last_seq;

ALTER TABLE public.import_events ALTER COLUMN seq SET NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS import_events_seq_key ON public.import_events (import_id, seq);

CREATE OR REPLACE FUNCTION smartimport.number_event() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
  last bigint;
BEGIN
  INSERT INTO smartimport.event_counters AS counter (import_id) VALUES (NEW.import_id)
  ON CONFLICT (import_id) DO UPDATE SET last_seq = counter.last_seq
  RETURNING last_seq INTO last;
  NEW.seq := last + 1;
  NEW.created_at := clock_timestamp();
  -- An event that is there already (INSERT ... ON CONFLICT DO NOTHING) must not use up a number.
  IF NOT EXISTS (SELECT FROM public.import_events WHERE id = NEW.id) THEN
    UPDATE smartimport.event_counters SET last_seq = NEW.seq WHERE import_id = NEW.import_id;
  END IF;
  RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION smartimport.number_event() FROM PUBLIC;

CREATE OR REPLACE TRIGGER number_event BEFORE INSERT ON public.import_events
  FOR EACH ROW EXECUTE FUNCTION smartimport.number_event();
