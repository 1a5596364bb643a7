-- The six tables of Smart Import. Where a table is there already, it keeps its rows and gets what it lacks.

CREATE TABLE IF NOT EXISTS public.imports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  source text,
  file_url text,
  file_type text,
  pages integer,
  status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'parsed', 'committed', 'failed')),
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE public.imports ADD COLUMN IF NOT EXISTS error text;
ALTER TABLE public.imports ADD COLUMN IF NOT EXISTS created_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE public.imports ADD COLUMN IF NOT EXISTS updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE public.imports ADD COLUMN IF NOT EXISTS committed_at timestamptz;
ALTER TABLE public.imports ADD COLUMN IF NOT EXISTS committed_count integer;
CREATE INDEX IF NOT EXISTS imports_user_idx ON public.imports (user_id, created_at DESC);

CREATE TABLE IF NOT EXISTS public.transactions_staging (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  import_id uuid NOT NULL REFERENCES public.imports (id) ON DELETE CASCADE,
  user_id uuid NOT NULL,
  data_json jsonb NOT NULL,
  hash text NOT NULL,
  parsed_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS transactions_staging_user_idx ON public.transactions_staging (user_id);

CREATE TABLE IF NOT EXISTS public.transactions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  import_id uuid REFERENCES public.imports (id) ON DELETE SET NULL,
  posted_at date NOT NULL,
  amount numeric(18, 4) NOT NULL,
  merchant text,
  category text,
  memo text,
  account_id text,
  hash text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS transactions_import_idx ON public.transactions (import_id);

CREATE TABLE IF NOT EXISTS public.handoffs (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  from_employee text NOT NULL DEFAULT 'prime-boss',
  to_employee text NOT NULL DEFAULT 'crystal-analytics',
  context jsonb NOT NULL DEFAULT '{}'::jsonb,
  status text NOT NULL DEFAULT 'initiated' CHECK (status IN ('initiated', 'completed', 'failed')),
  metadata jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS handoffs_user_idx ON public.handoffs (user_id);

CREATE TABLE IF NOT EXISTS public.advice_messages (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  user_id uuid NOT NULL,
  handoff_id uuid REFERENCES public.handoffs (id) ON DELETE CASCADE,
  employee_key text NOT NULL,
  content text NOT NULL,
  insights_json jsonb,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS advice_messages_handoff_idx ON public.advice_messages (handoff_id);
CREATE INDEX IF NOT EXISTS advice_messages_user_idx ON public.advice_messages (user_id);

CREATE TABLE IF NOT EXISTS public.import_events (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- Realtime delivers no record of a table without one
  import_id uuid NOT NULL,
  user_id uuid NOT NULL,
  event_type text NOT NULL,
  payload jsonb NOT NULL DEFAULT '{}'::jsonb,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS import_events_follow_idx ON public.import_events (import_id, created_at, id);
CREATE INDEX IF NOT EXISTS import_events_user_idx ON public.import_events (user_id);
DO $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = 'public.import_events'::regclass AND contype = 'p'
  ) THEN
    ALTER TABLE public.import_events ADD PRIMARY KEY (id);
  END IF;
END $$;

-- What makes both stages safe to repeat. Older rows may repeat each other; then they stay, the key is left out,
-- and `smartimport db verify` says so.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.transactions_staging GROUP BY import_id, hash HAVING count(*) > 1) THEN
    CREATE UNIQUE INDEX IF NOT EXISTS transactions_staging_identity_key
      ON public.transactions_staging (import_id, hash);
  END IF;
  IF NOT EXISTS (
    SELECT FROM public.transactions GROUP BY user_id, posted_at, amount, hash HAVING count(*) > 1
  ) THEN
    CREATE UNIQUE INDEX IF NOT EXISTS transactions_identity_key
      ON public.transactions (user_id, posted_at, amount, hash);
  END IF;
END $$;
