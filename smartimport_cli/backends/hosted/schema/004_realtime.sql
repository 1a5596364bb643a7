-- Realtime sends what is in this publication; the seed put nothing in it.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_publication WHERE pubname = 'supabase_realtime') THEN
    CREATE PUBLICATION supabase_realtime;
  END IF;
  IF NOT EXISTS (
    SELECT FROM pg_publication_tables
    WHERE pubname = 'supabase_realtime' AND schemaname = 'public' AND tablename = 'import_events'
  ) THEN
    ALTER PUBLICATION supabase_realtime ADD TABLE public.import_events;
  END IF;
END $$;

-- Events are never changed or deleted, so the key is identity enough.
ALTER TABLE public.import_events REPLICA IDENTITY DEFAULT;
