// Two tabs of one browser on the page, in step. Told in the environment: LINK (one-time), STATEMENT, JUDGES, CHROMIUM.
import { createRequire } from "node:module"

const { chromium } = createRequire(process.env.JUDGES + "/")("playwright-core")
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--no-proxy-server"] })
const saw = { violations: [], requests: [], first: [], second: [] }
try {
  const context = await browser.newContext()
  context.on("console", (message) => { if (message.type() === "error") saw.violations.push(message.text()) })
  context.on("request", (request) => saw.requests.push(new URL(request.url()).origin))
  const tab = async (url) => {
    const page = await context.newPage()
    page.setDefaultTimeout(20000)
    page.on("pageerror", (error) => saw.violations.push(String(error)))
    await page.goto(url)
    await page.waitForFunction(() => document.getElementById("connection").textContent === "live")
    return page
  }
  const told = (page, status) => page.waitForFunction((text) => document.getElementById("status").textContent === text, status)
  const look = (page) => page.evaluate(() => ({
    status: document.getElementById("status").textContent, message: document.getElementById("message").textContent,
    progress: document.getElementById("progress").value, rows: document.getElementById("preview").tBodies[0].rows.length,
    cell: document.getElementById("preview").tBodies[0].rows[0]?.cells[1].textContent ?? null,
    facts: document.getElementById("facts").innerText, imports: document.getElementById("imports").children.length,
    decision: !document.getElementById("decision").hidden, advice: document.getElementById("advice").textContent,
    scripts: document.scripts.length, pictures: document.images.length,
  }))

  const first = await tab(process.env.LINK)
  saw.address = first.url()
  const second = await tab(new URL("/", process.env.LINK).href)
  await first.setInputFiles("#file", process.env.STATEMENT)
  await first.click("#upload button")
  for (const page of [first, second]) await told(page, "awaiting approval")
  saw.first.push(await look(first))
  saw.second.push(await look(second))
  await second.click("#approve")
  for (const page of [first, second]) {
    await told(page, "complete")
    await page.waitForFunction(() => document.getElementById("advice").textContent)
  }
  saw.first.push(await look(first))
  saw.second.push(await look(second))
  if (process.env.SHOT) await first.screenshot({ path: process.env.SHOT })
  await first.click("#undo")
  await first.click("#undo")
  await second.waitForFunction(() => document.getElementById("imports").innerText.includes("Taken back"))
  await first.click("#sign-out")
  await second.waitForSelector("#sign-in", { state: "visible" })
} finally {
  await browser.close()
}
console.log(JSON.stringify(saw))
