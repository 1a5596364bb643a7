-- Who may do what. A user reads their own rows and no others; events are written by the service role alone.

REVOKE ALL ON SCHEMA smartimport FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA smartimport FROM PUBLIC, anon, authenticated;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'imports', 'transactions_staging', 'transactions', 'handoffs', 'advice_messages', 'import_events'
  ] LOOP
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('REVOKE ALL ON TABLE public.%I FROM PUBLIC, anon', name);
    -- What row level security does not govern.
    EXECUTE format('REVOKE TRUNCATE, REFERENCES, TRIGGER ON TABLE public.%I FROM authenticated', name);
    EXECUTE format('GRANT SELECT ON TABLE public.%I TO authenticated', name);
    EXECUTE format('DROP POLICY IF EXISTS %I ON public.%I', name || '_select_own', name);
    EXECUTE format(
      'CREATE POLICY %I ON public.%I AS PERMISSIVE FOR SELECT TO authenticated '
      'USING ((SELECT auth.uid()) = user_id)',
      name || '_select_own', name
    );
    IF name <> 'import_events' THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.%I TO service_role', name);
    END IF;
  END LOOP;
END $$;

-- Events are facts: written once, by the service role, changed by nobody.
REVOKE ALL ON TABLE public.import_events FROM authenticated, service_role;
GRANT SELECT ON TABLE public.import_events TO authenticated;
GRANT SELECT, INSERT ON TABLE public.import_events TO service_role;
DROP POLICY IF EXISTS import_events_insert_service_role ON public.import_events;
CREATE POLICY import_events_insert_service_role ON public.import_events
  AS PERMISSIVE FOR INSERT TO service_role WITH CHECK (true); -- the TO is the protection

-- A user may reject an import of theirs that was not committed: mark it failed, and take its staged rows away.
DROP POLICY IF EXISTS imports_reject_own ON public.imports;
CREATE POLICY imports_reject_own ON public.imports
  AS PERMISSIVE FOR UPDATE TO authenticated
  USING ((SELECT auth.uid()) = user_id AND status IN ('pending', 'parsed'))
  WITH CHECK ((SELECT auth.uid()) = user_id AND status = 'failed');
GRANT UPDATE (status, error) ON TABLE public.imports TO authenticated;
DROP POLICY IF EXISTS transactions_staging_reject_own ON public.transactions_staging;
CREATE POLICY transactions_staging_reject_own ON public.transactions_staging
  AS PERMISSIVE FOR DELETE TO authenticated
  USING (
    (SELECT auth.uid()) = user_id
    AND EXISTS (SELECT FROM public.imports WHERE imports.id = import_id AND imports.status = 'failed')
  );
GRANT DELETE ON TABLE public.transactions_staging TO authenticated;

CREATE OR REPLACE FUNCTION smartimport.tell_rejection() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
  INSERT INTO public.import_events (import_id, user_id, event_type, payload)
  VALUES (
    NEW.id, NEW.user_id, 'import:commit:error',
    jsonb_build_object(
      'importId', NEW.id, 'code', 'rejected', 'exit', 11, 'error', coalesce(left(NEW.error, 500), 'Rejected.')
    )
  );
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION smartimport.tell_rejection() FROM PUBLIC;

-- Whoever follows the import learns of it. The service role tells of what it does itself.
CREATE OR REPLACE TRIGGER tell_rejection AFTER UPDATE OF status ON public.imports
  FOR EACH ROW WHEN (NEW.status = 'failed' AND OLD.status <> 'failed' AND current_user = 'authenticated')
  EXECUTE FUNCTION smartimport.tell_rejection();
