// Shows what the server says, and asks again when the websocket brings an event: the list of imports, and the folded
// state of the one that is looked at. Nothing is folded or decided here. Foreign text goes in by textContent only.
"use strict"

const at = (id) => document.getElementById(id)
const show = (id, visible) => { at(id).hidden = !visible }
const STORED = "smartimport.session"
const PAUSES = [1000, 2000, 5000, 10000]

let publicKey = ""
let session = null // as /auth/v1/token answers it
let socket = null
let failures = 0
let selected = null // the id of the import that is looked at
let state = null // its folded state
let renewal = 0

// -- the server

class Problem extends Error {
  constructor(status, body) {
    super(body.message || body.msg || body.error || `The server answered ${status}.`)
    this.status = status
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, { ...options, headers: { apikey: publicKey, ...options.headers } })
  const body = answer.status === 204 ? {} : await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Problem(answer.status, body)
  return body
}

const json = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })

async function mine(path, options = {}) {
  const once = () => ask(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${session.access_token}` } })
  try {
    return await once()
  } catch (problem) {
    if (problem.status !== 401) throw problem
    await renew(session.access_token)
    return once()
  }
}

const call = (name, body) => mine(`/.netlify/functions/${name}`, json({ userId: session.user.id, ...body }))

// -- the session, shared by all tabs

function keep(next) {
  session = next
  if (next) localStorage.setItem(STORED, JSON.stringify(next))
  else localStorage.removeItem(STORED)
  clearTimeout(renewal)
  if (next) renewal = setTimeout(() => renew(next.access_token).catch(tell), Math.max(next.expires_at * 1000 - Date.now() - 60000, 5000))
}

// One tab at a time: a refresh token is good once.
const alone = (work) => navigator.locks ? navigator.locks.request(STORED, work) : work() // plain HTTP has none
const renew = (stale) => alone(async () => {
  const stored = JSON.parse(localStorage.getItem(STORED) || "null")
  if (stored && stored.access_token !== stale) {
    keep(stored)
  } else {
    try {
      keep(await ask("/auth/v1/token?grant_type=refresh_token", json({ refresh_token: session.refresh_token })))
    } catch (problem) {
      if (problem.status === 400) signedOut()
      throw problem
    }
  }
  if (socket) socket.push("access_token", { access_token: session.access_token })
})

function signedOut() {
  keep(null)
  selected = state = null
  if (socket) socket.leave()
  show("desk", false)
  show("sign-out", false)
  show("sign-in", true)
  at("connection").textContent = ""
}

function signedIn(next) {
  keep(next)
  show("sign-in", false)
  show("sign-out", true)
  show("desk", true)
  tell(null)
  connect()
}

// -- what happens, as it happens

function connect() {
  const address = `${location.origin.replace("http", "ws")}/realtime/v1/websocket?apikey=${encodeURIComponent(publicKey)}&vsn=2.0.0`
  const ws = new WebSocket(address)
  const topic = "realtime:page"
  let ref = 1, beat = 0, unanswered = false
  const send = (to, event, payload) => ws.readyState === 1 && ws.send(JSON.stringify([to === topic ? "1" : null, String(ref++), to, event, payload]))
  const channel = { push: (event, payload) => send(topic, event, payload), leave: () => { socket = null; ws.close() } }
  socket = channel
  ws.onopen = () => {
    const changes = [{ event: "INSERT", schema: "public", table: "import_events" }]
    send(topic, "phx_join", { config: { postgres_changes: changes }, access_token: session.access_token })
    beat = setInterval(() => {
      if (unanswered) return ws.close()
      unanswered = true
      send("phoenix", "heartbeat", {})
    }, 20000)
  }
  ws.onmessage = (message) => {
    const [, , to, event, payload] = JSON.parse(message.data)
    if (to === "phoenix") unanswered = false
    else if (event === "postgres_changes") changed(payload.data.record.import_id)
    else if (event === "system" && payload.status === "ok") {
      failures = 0
      at("connection").textContent = "live"
      changed(selected) // what was missed while away
    } else if (event === "phx_close" || event === "phx_error" || payload.status === "error") {
      if (/expired/i.test(JSON.stringify(payload))) renew(session.access_token).catch(tell)
      ws.close()
    }
  }
  ws.onclose = () => {
    clearInterval(beat)
    if (socket !== channel || !session) return
    socket = null
    at("connection").textContent = "connecting…"
    setTimeout(() => session && !socket && connect(), PAUSES[Math.min(failures++, PAUSES.length - 1)])
  }
}

// Many events in a row are one look, a tenth of a second later.
let looking = 0, again = false
function changed(id) {
  again = again || id === selected
  if (!looking) looking = setTimeout(look, 100)
}

async function look() {
  const both = again
  again = false
  try {
    await Promise.all([list(), both && selected ? open(selected) : null])
    tell(null)
  } catch (problem) {
    tell(problem)
  }
  looking = again ? setTimeout(look, 100) : 0
}

// -- drawing

function tell(problem) {
  show("problem", Boolean(problem))
  at("problem").textContent = problem ? problem.message : ""
}

async function list() {
  const rows = await mine("/rest/v1/imports?select=id,file_name,status,error,created_at,committed_count&order=created_at.desc&limit=100")
  at("imports").replaceChildren(...rows.map((row) => {
    const button = document.createElement("button")
    const small = document.createElement("small")
    button.type = "button"
    button.dataset.id = row.id
    if (row.id === selected) button.setAttribute("aria-current", "true")
    small.textContent = row.error || (row.status === "committed" ? `${row.committed_count} committed` : row.status)
    button.append(document.createTextNode(row.file_name), small)
    button.onclick = () => { select(row.id).catch(tell) }
    const item = document.createElement("li")
    item.append(button)
    return item
  }))
  if (!selected && rows.length) await select(rows[0].id)
}

async function select(id) {
  selected = id
  await open(id)
  for (const button of at("imports").querySelectorAll("button")) {
    if (button.dataset.id === id) button.setAttribute("aria-current", "true")
    else button.removeAttribute("aria-current")
  }
}

async function open(id) {
  const answer = await call("import-state", { importId: id })
  if (id !== selected) return
  state = answer.state
  draw()
}

function facts(list, pairs) {
  list.replaceChildren(...pairs.flatMap(([name, value]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd")
    dt.textContent = name
    dd.append(value instanceof Node ? value : document.createTextNode(value))
    return [dt, dd]
  }))
}

const totals = () => state.totals.map((one) => `in ${one.money_in}, out ${one.money_out} ${one.currency || ""}`).join(" · ")

function draw() {
  show("import", true)
  at("name").textContent = state.file_name || selected
  at("status").textContent = state.awaiting_approval ? "awaiting approval" : state.status
  at("message").textContent = state.message
  at("progress").value = state.progress
  at("hint").textContent = state.error_hint || ""
  const proof = state.proof || {}
  facts(at("facts"), [
    ["Account", state.accounts.join(", ")],
    ["Period", state.period ? state.period.join(" to ") : ""],
    ["Rows", state.rows_total === null ? (state.rows_parsed === null ? "" : String(state.rows_parsed)) : `${state.new} new, ${state.duplicates} already there`],
    ["Unreadable", state.unreadable ? String(state.unreadable) : ""],
    ["Money", totals()],
    ["Proof", proof.verdict ? `${proof.verdict}. ${proof.explanation || ""}` : ""],
    ["Doubts", state.issues.join(" · ")],
    ["Committed", state.committed === null ? "" : `${state.committed}${state.skipped ? `, ${state.skipped} skipped` : ""}`],
  ].filter(([, value]) => value))
  show("decision", state.awaiting_approval)
  at("approve").textContent = `Approve & commit ${state.new}`
  show("preview", state.preview.length > 0 && state.committed === null)
  at("preview").tBodies[0].replaceChildren(...state.preview.map((row) => {
    const tr = document.createElement("tr")
    for (const text of [row.date, row.description, `${row.amount} ${row.currency || ""}`, row.duplicate ? "already there" : ""]) {
      tr.insertCell().textContent = text
    }
    return tr
  }))
  show("summary", state.committed !== null)
  at("advice").textContent = state.advice || ""
  const [first] = (state.insights && state.insights.currencies) || []
  facts(at("categories"), ((first && first.categories) || []).map((one) => {
    const meter = document.createElement("meter")
    meter.max = 100
    meter.value = one.share_percent
    const shown = document.createElement("span")
    shown.append(meter, document.createTextNode(` ${one.out} ${first.currency || ""}`))
    return [one.category, shown]
  }))
  at("undo").textContent = "Take it back"
}

// -- what a person does

function does(id, event, work) {
  at(id).addEventListener(event, async (happened) => {
    happened.preventDefault()
    const button = happened.submitter || happened.currentTarget
    button.disabled = true
    try {
      await work(button)
      tell(null)
    } catch (problem) {
      tell(problem)
    } finally {
      button.disabled = false
    }
  })
}

does("sign-in", "submit", async () => {
  signedIn(await ask("/auth/v1/token?grant_type=password", json({ email: at("email").value, password: at("password").value })))
  at("password").value = ""
})
does("sign-out", "click", async () => {
  await mine("/auth/v1/logout?scope=local", { method: "POST" })
  signedOut()
})
does("upload", "submit", async () => {
  const form = new FormData()
  form.set("userId", session.user.id)
  form.set("file", at("file").files[0])
  const { importId } = await mine("/.netlify/functions/ingest-statement", { method: "POST", body: form })
  at("upload").reset()
  await select(importId)
  await list()
})
// The digest binds the yes to what is on the screen: 409 where the preview is another one by now.
does("approve", "click", () => call("commit-import", { importId: selected, digest: state.digest }))
does("reject", "click", () => call("reject-import", { importId: selected }))
does("undo", "click", async (button) => {
  if (button.textContent !== "Really take it back?") {
    button.textContent = "Really take it back?"
    return
  }
  await call("undo-import", { importId: selected })
})
window.addEventListener("storage", ({ key, newValue }) => {
  if (key !== STORED) return
  if (!newValue) signedOut()
  else if (!session) signedIn(JSON.parse(newValue))
  else keep(JSON.parse(newValue))
})

async function begin() {
  publicKey = (await ask("/page.json")).key
  const token = new URLSearchParams(location.hash.slice(1)).get("token")
  history.replaceState(null, "", "/") // the token is used up and need not stay in sight
  const stored = JSON.parse(localStorage.getItem(STORED) || "null")
  try {
    if (token) return signedIn(await ask("/auth/v1/verify", json({ type: "magiclink", token_hash: token })))
  } catch (problem) {
    if (!stored) tell(problem)
  }
  if (stored) signedIn(stored)
  else show("sign-in", true)
}

begin().catch(tell)
