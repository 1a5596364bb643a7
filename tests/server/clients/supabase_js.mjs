// Told in the environment: URL, KEY, EMAIL, PASSWORD, STATEMENT (path), VSN, JUDGES (folder with node_modules).
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"

const require = createRequire(process.env.JUDGES + "/")
const { createClient } = require("@supabase/supabase-js")
const realtime = { ...(process.env.VSN ? { vsn: process.env.VSN } : {}) }
if (typeof WebSocket === "undefined") realtime.transport = require("ws")

const { URL: url, KEY: key, EMAIL: email, PASSWORD: password, STATEMENT: statement } = process.env
const supabase = createClient(url, key, { auth: { persistSession: false }, realtime })
const ok = ({ data, error }) => { if (error) throw error; return data }
const call = async (name, body, headers = { "Content-Type": "application/json" }) => {
  const answer = await fetch(`${url}/.netlify/functions/${name}`, {
    method: "POST", body, headers: { ...headers, Authorization: `Bearer ${token}` },
  })
  if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}
const until = async (done) => {
  for (const end = Date.now() + 20000; Date.now() < end;) {
    if (await done()) return
    await new Promise((wake) => setTimeout(wake, 20))
  }
  throw new Error("it did not come to pass")
}

const { session, user } = ok(await supabase.auth.signInWithPassword({ email, password }))
let token = session.access_token
const events = [], systems = [], statuses = []
const channel = supabase.channel("import:js")
  .on("postgres_changes", { event: "INSERT", schema: "public", table: "import_events", filter: `user_id=eq.${user.id}` },
    (change) => events.push(change.new))
  .on("system", {}, (told) => systems.push(told.status))
  .subscribe((status, error) => statuses.push(error ? `${status} ${error.message}` : status))
await until(() => systems.includes("ok"))

const form = new FormData()
form.set("userId", user.id)
form.set("file", new Blob([await readFile(statement)], { type: "text/csv" }), "march.csv")
const { importId } = await call("ingest-statement", form, {})
await until(() => events.some((event) => event.event_type === "import:parse:complete"))
const refreshed = ok(await supabase.auth.refreshSession())
token = refreshed.session.access_token
await until(() => systems.length >= 2)  // the renewed token was taken on the open socket
await call("commit-import", JSON.stringify({ userId: user.id, importId }))
await until(() => events.some((event) => event.event_type === "crystal:analyze:complete"))

const stored = ok(await supabase.from("import_events").select("*").eq("import_id", importId).order("seq"))
const single = ok(await supabase.from("imports").select("*").eq("id", importId).single())
const none = await supabase.from("imports").select("*").eq("id", user.id).maybeSingle()
const counted = await supabase.from("transactions").select("id", { count: "exact", head: true }).eq("import_id", importId)
const paged = ok(await supabase.from("transactions").select("id,amount").eq("import_id", importId).order("amount").range(0, 1))
const refused = await supabase.from("import_events").insert({ import_id: importId })

const init = await call("smart-import-init", JSON.stringify({ filename: "again.csv", mime: "text/csv", source: "upload" }))
ok(await supabase.storage.from("imports").uploadToSignedUrl(init.path, init.token, new Blob(["Date,Amount\n"]), { contentType: "text/csv" }))
const again = await supabase.storage.from("imports").uploadToSignedUrl(init.path, init.token, Buffer.from("x"), { contentType: "text/csv" })

await supabase.removeChannel(channel)
const own = `${user.id}/${crypto.randomUUID()}/signed.csv`
const signed = ok(await supabase.storage.from("imports").createSignedUploadUrl(own))
ok(await supabase.storage.from("imports").uploadToSignedUrl(own, signed.token, new Blob([await readFile(statement)]), { contentType: "text/csv" }))
const finalized = await call("smart-import-finalize", JSON.stringify({ docId: own.split("/")[1] }))
const strange = await supabase.storage.from("imports").createSignedUploadUrl(`${crypto.randomUUID()}/x/signed.csv`)
ok(await supabase.auth.signOut())
console.log(JSON.stringify({
  live: events, stored, statuses, single: single.id === importId, none: none.data, count: counted.count,
  page: paged.length, refused: refused.error?.code, signed: finalized.started, strange: strange.error?.message ?? null,
  uploadedTwice: again.error?.message ?? null,
}))
process.exit(0)
