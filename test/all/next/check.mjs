// `npm run more:next`: builds a small Next.js app with the packages as they are published, starts it, and opens its static and its
// dynamic page in Chromium. Neither the build nor the server may log an error, and the browser no hydration warning.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { authorizationCode, createAuthorizationServer, refreshToken, userSite } from '@latchkey/server'
import { chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'

const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
const folder = fileURLToPath(new URL('.', import.meta.url))
const app = await freePort()
const origin = `http://localhost:${app}`
const { issuer, server } = await startAuthorizationServer()
const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', NEXT_PUBLIC_ISSUER: issuer }

await check()
console.log('1 passed, 0 failed')

async function check() {
  const build = await finished(['build'])
  assert.equal(build.code, 0, build.output)
  const running = start(['start', '-p', String(app)])
  const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArguments })
  try {
    await waitFor(() => fetch(origin).then(({ ok }) => ok))
    for (const path of ['/', '/dynamic']) {
      await checkResponse(path)
      await checkPage(await browser.newPage(), path)
    }
    await checkSession(await browser.newPage())
  } finally {
    await browser.close()
    running.child.kill()
    server.closeAllConnections()
    server.close()
  }
  assert.doesNotMatch(running.output(), /error|⨯/i)
}

/** The server sends the fallback: it does not know the session. */
async function checkResponse(/** @type {string} */ path) {
  const response = await fetch(origin + path)
  const html = await response.text()
  assert.equal(response.status, 200)
  assert.match(html, /Restoring/)
  assert.doesNotMatch(html, /Hello/)
}

async function checkPage(/** @type {import('playwright-core').Page} */ page, /** @type {string} */ path) {
  const problems = listen(page)
  await page.goto(origin + path)
  await page.getByText('Hello guest').waitFor()
  await page.getByText('Status: signed-out').waitFor()
  assert.deepEqual(problems, [])
}

/** After a sign-in and a reload, the browser shows the user without a hydration warning. */
async function checkSession(/** @type {import('playwright-core').Page} */ page) {
  const problems = listen(page)
  await page.goto(`${origin}/dynamic`)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('button', { name: 'Ada' }).click()
  await page.getByText('Hello Ada').waitFor()
  await page.reload()
  await page.getByText('Hello Ada').waitFor()
  assert.deepEqual(problems, [])
}

/** @returns {string[]} errors and warnings of the console, and what nothing catches */
function listen(/** @type {import('playwright-core').Page} */ page) {
  /** @type {string[]} */
  const problems = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text())
  })
  return problems
}

function start(/** @type {readonly string[]} */ args) {
  let output = ''
  const child = spawn(process.execPath, [next, ...args], { cwd: folder, env })
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (output += chunk))
  return { child, output: () => output }
}

async function finished(/** @type {readonly string[]} */ args) {
  const { child, output } = start(args)
  const code = await new Promise((resolve) => child.on('close', resolve))
  return { code, output: output() }
}

async function startAuthorizationServer() {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const embedded = createAuthorizationServer({
    issuer: url,
    clients: [{ clientId: 'next', redirectUris: [`${origin}/`] }],
    grants: [authorizationCode(), refreshToken()],
    site: userSite({ users: [{ sub: 'ada', claims: { name: 'Ada' } }] }),
  })
  const listener = getRequestListener((request) => embedded.fetch(request))
  const listening = createServer((request, response) => void listener(request, response))
  await new Promise((resolve) => listening.listen(port, () => resolve(undefined)))
  return { issuer: url, server: listening }
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function waitFor(/** @type {() => Promise<boolean>} */ condition) {
  const until = Date.now() + 60_000
  while (!(await condition().catch(() => false))) {
    assert.ok(Date.now() < until, 'the app did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
