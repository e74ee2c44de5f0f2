// Takes pictures of every page, for review: node playground/take-page-screenshots.mjs <folder> [--url URL] [--only /path,/path]
// Each page is shown to a user who is signed out, to one who is signed in, and after its flow; light, dark and 390 px wide.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { chromiumArguments, findChromium } from '../test/gate/browsers.mjs'

/** @typedef {import('playwright').Page} Page */

const forms = [
  { name: 'light', colorScheme: /** @type {const} */ ('light'), viewport: { width: 1440, height: 900 } },
  { name: 'dark', colorScheme: /** @type {const} */ ('dark'), viewport: { width: 1440, height: 900 } },
  { name: 'narrow', colorScheme: /** @type {const} */ ('light'), viewport: { width: 390, height: 844 } },
]

/**
 * The button that starts the flow of a page, or the steps if there are several. A page that is missing here has no flow.
 *
 * @type {Readonly<Record<string, string | RegExp | ((page: Page) => Promise<void>)>>}
 */
const flows = {
  '/popup': 'Sign in by popup',
  '/tokens': async (page) => {
    await page.getByRole('button', { name: 'Decode the ID token' }).click()
    await click(page, 'Refresh now')
    await page.getByText(/^Refreshed at/).waitFor()
  },
  '/call-api': 'Call with token',
  '/accounts': async (page) => {
    await clickAndSignIn(page, 'Add an account')
    await page.getByRole('button', { name: 'Call /api/me' }).click()
  },
  '/break-it': /with this fault$/,
  '/silent': 'Sign in silently',
  '/tabs': 'Expire the token in all tabs',
  '/worker': 'Sign in by popup',
  '/offline': 'Sign in by popup',
  '/idle': 'Sign in by popup',
  '/server-logout': 'Register and sign in by popup',
  '/step-up': async (page) => {
    await clickAndSignIn(page, 'Sign in by popup')
    await clickAndSignIn(page, 'Call /api/admin')
  },
  '/bound-tokens': 'Sign in by popup',
  '/resources': 'Sign in by popup',
  '/pushed-request': 'Sign in by popup',
  '/signed-request': async (page) => {
    await click(page, 'Create a key and register')
    await page.getByRole('button', { name: 'Create another' }).waitFor()
    await clickAndSignIn(page, /^Sign in by popup/)
  },
  '/rich-request': 'Sign in by popup',
  '/signed-response': 'Sign in by popup',
  '/device': 'Request a code',
  '/ciba': 'Request approval',
  '/exchange': /^Exchange/,
  '/client-credentials': 'Request a token',
  '/service-account': 'Exchange an assertion',
  '/hybrid': 'Sign in by popup',
  '/implicit': 'Sign in by popup',
  '/password': 'Sign in with the password',
  '/oauth1': async (page) => {
    await click(page, 'Request temporary credentials')
    await clickAndSignIn(page, 'Allow the access')
    await click(page, 'Exchange for token credentials')
    await click(page, 'Call the API')
    await click(page, 'Path')
    await clickAndSignIn(page, 'Connect by popup')
    await click(page, 'Load the photos')
  },
  '/refresh': 'Sign in by popup and refresh',
  '/revocation': 'Sign in by popup and revoke',
  '/introspection': 'Introspect the token',
  '/registration': 'Register',
  '/server': 'Check it first',
  '/decoder': async (page) => {
    await click(page, 'Use my ID token')
    await click(page, 'Verify the token')
  },
  '/devtools': 'Latchkey',
}

const { values, positionals } = parseArgs({
  options: { url: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
})
const [folder] = positionals
if (!folder) throw new Error('Usage: node playground/take-page-screenshots.mjs <folder> [--url URL] [--only /path,/path]')

const server = values.url === undefined ? await serveBundle() : undefined
const url = values.url ?? server?.url ?? ''
const executablePath = findChromium()
const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
try {
  await mkdir(folder, { recursive: true })
  const signedOut = await openPlayground()
  for (const path of await pagePaths(signedOut)) {
    await showPath(signedOut, path)
    await takePictures(signedOut, path, '1-signed-out')
  }
  await signedOut.context().close()
  const signedIn = await openPlayground()
  await signIn(signedIn)
  for (const path of await pagePaths(signedIn)) await visit(signedIn, path)
} finally {
  await browser.close()
  await server?.stop()
}

/** @param {Page} page @param {string} path */
async function visit(page, path) {
  await showPath(page, path)
  await takePictures(page, path, '2-signed-in')
  const flow = flows[path]
  if (flow === undefined) return
  try {
    if (typeof flow === 'function') await flow(page)
    else await clickAndSignIn(page, flow)
  } catch (error) {
    // The picture shows where it stopped.
    console.error(`${path}: ${String(error)}`)
  }
  await takePictures(page, path, '3-flow')
}

/** @returns {Promise<{ url: string, stop: () => Promise<unknown> }>} the playground as one bundle */
async function serveBundle() {
  const child = spawn(process.execPath, [fileURLToPath(new URL('serve-bundle.mjs', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const stop = () => {
    child.stdin.end()
    return once(child, 'exit')
  }
  return { url: String(line).trim(), stop }
}

async function openPlayground() {
  const context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } })
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => console.error(`${page.url()}: ${error.message}`))
  await page.goto(url)
  await page.getByRole('heading', { level: 1 }).waitFor()
  return page
}

/** @param {Page} page */
async function signIn(page) {
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Ada Lovelace' }).click()
  await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
}

/** @param {Page} page @returns the paths of the pages, all or those of `--only` */
async function pagePaths(page) {
  const paths = await page.evaluate(() => [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href') ?? ''))
  const only = values.only?.split(',')
  return paths.filter((path) => !only || only.includes(path))
}

/** @param {Page} page @param {string} path */
async function showPath(page, path) {
  await page.evaluate((next) => history.pushState(null, '', next), path)
  await page.locator(`a[href="${path}"][aria-current="page"]`).waitFor({ state: 'attached' })
}

/** @param {Page} page @param {string} path @param {string} state */
async function takePictures(page, path, state) {
  const name = path === '/' ? 'sign-in' : path.slice(1)
  // A result that arrives a moment later, and its rendering.
  await page.waitForLoadState('networkidle')
  for (const { name: form, colorScheme, viewport } of forms) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(viewport)
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor({ state: 'attached' })
    await page.evaluate(() => window.scrollTo(0, 0))
    // The header follows the scroll position one frame later.
    await page.waitForTimeout(100)
    const file = join(resolve(folder ?? ''), `${name}.${state}.${form}.png`)
    await page.screenshot({ path: file, fullPage: true })
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (overflow > 0) console.error(`${file}: ${overflow} px wider than the window`)
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** @param {Page} page @param {string | RegExp} name */
async function click(page, name) {
  await button(page, name).click()
}

/** @param {Page} page @param {string | RegExp} name */
function button(page, name) {
  return page
    .getByRole('main')
    .getByRole('button', { name, ...(typeof name === 'string' && { exact: true }) })
    .first()
}

/**
 * Clicks the button that starts a flow. If a popup opens, signs in and allows the access there; waits for the result, if there is one.
 *
 * @param {Page} page
 * @param {string | RegExp} name
 */
async function clickAndSignIn(page, name) {
  // It may be disabled until the step before is done.
  await button(page, name).click({ trial: true })
  const opened = page.waitForEvent('popup', { timeout: 5000 }).catch(() => undefined)
  await click(page, name)
  const popup = await opened
  if (!popup) return
  const closed = popup.isClosed() ? Promise.resolve() : popup.waitForEvent('close')
  const user = popup.getByRole('button', { name: /^Ada Lovelace/ })
  const allow = popup.getByRole('button', { name: 'Allow' })
  const answer = async () => {
    await user.or(allow).waitFor()
    if (await user.isVisible()) await user.click()
    await allow.click()
  }
  // A popup that needs less closes by itself.
  void answer().catch(() => undefined)
  await closed
  // The result gets the focus, and scrolls into view.
  await page.waitForTimeout(600)
}
