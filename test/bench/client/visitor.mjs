// One visitor of one app: a browser context, and what is measured from outside of the page.

/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {import('playwright-core').CDPSession} CDPSession */
/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('./start-world.mjs').World} World */
/** @typedef {{ name: string, sizes: Readonly<Record<string, number>> }} App */
/** @typedef {{ app: App, origin: string, context: BrowserContext, page: Page, cdp: CDPSession, world: World, timeout: number }} Visitor */

const TIMEOUT_MS = 8000
const API = '/api/me'

/**
 * Runs in each document before its own scripts: the settings, a clock that can be moved, a network that can be replaced, and a browser that
 * is not idle before the sign-in is measured, so that what only idle time loads is counted apart.
 *
 * @param {Readonly<Record<string, unknown>>} defaults
 */
function prepareDocument(defaults) {
  if (!location.origin.startsWith('http')) return
  const saved = JSON.parse(localStorage.getItem('bench') ?? '{}')
  /** @type {any} */
  const bench = { ...defaults, ...saved, renders: 0 }
  Object.assign(window, { bench })
  if (top === window && /[?&#]code=/.test(location.href)) sessionStorage.setItem('bench-callback', String(performance.timeOrigin))
  const idle = window.requestIdleCallback.bind(window)
  /** @type {IdleRequestCallback[]} */
  const held = []
  window.requestIdleCallback = (callback, options) => (bench.holdsIdle ? held.push(callback) : idle(callback, options))
  bench.release = () => {
    bench.holdsIdle = false
    for (const callback of held.splice(0)) idle(callback)
  }
  const RealDate = Date
  const now = () => RealDate.now() + bench.shift
  window.Date = new Proxy(RealDate, {
    construct: (target, values, created) => Reflect.construct(target, values.length === 0 ? [now()] : values, created),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  })
  const realFetch = window.fetch.bind(window)
  const response = new Response('{}')
  // `fetch` makes a request of its own, which costs more with some arguments than with others.
  window.fetch = (input, init) =>
    bench.isOffline ? Promise.resolve(new Request(input, init)).then(() => response) : realFetch(input, init)
}

/**
 * @param {Browser} browser
 * @param {World} world
 * @param {App} app
 * @returns {Promise<Visitor>}
 */
export async function visit(browser, world, app) {
  const { apps, issuers } = world.addresses
  const context = await browser.newContext()
  const issuer = app.name === 'auth0-react' ? issuers.auth0 : issuers.plain
  const settings = { issuer, clientId: 'spa-0', components: 0, callsAtOnce: false, named: 1, shift: 0, holdsIdle: true }
  await context.addInitScript(prepareDocument, settings)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
  return { app, origin: apps[app.name] ?? '', context, page, cdp, world, timeout: TIMEOUT_MS }
}

/**
 * @param {Visitor} visitor
 * @param {Readonly<Record<string, unknown>>} settings for the next documents
 */
export async function configure({ page, origin }, settings) {
  await page.goto(`${origin}/blank`)
  await page.evaluate(
    (next) => localStorage.setItem('bench', JSON.stringify({ ...JSON.parse(localStorage.getItem('bench') ?? '{}'), ...next })),
    settings,
  )
}

/**
 * Moves the clocks of the server and of the next documents.
 *
 * @param {Visitor} visitor
 * @param {number} shift
 */
export async function moveClock(visitor, shift) {
  await visitor.world.shiftClock(shift)
  await configure(visitor, { shift })
}

/**
 * @param {Visitor} visitor
 * @param {'shownAt' | 'calledAt'} moment
 * @param {Page} [page]
 * @returns {Promise<number>} milliseconds since the document was requested
 */
export async function momentOf({ page: first, timeout }, moment, page = first) {
  const handle = await page.waitForFunction((name) => window.bench?.[name], moment, { timeout, polling: 20 })
  return /** @type {number} */ (await handle.jsonValue())
}

/**
 * Signs in on a first visit.
 *
 * @param {Visitor} visitor
 * @param {boolean} [maySignItself] some libraries find the user's session at the server
 * @returns {Promise<number>} milliseconds from the callback to the claims on the page
 */
export async function signIn(visitor, maySignItself) {
  const { page, origin, timeout } = visitor
  await page.goto(`${origin}/`)
  const button = page.getByRole('button', { name: 'Sign in' })
  await (maySignItself ? button.or(page.getByText('Alice')) : button).click({ timeout })
  await page.waitForFunction(() => sessionStorage.getItem('bench-callback') && window.bench?.shownAt, undefined, {
    timeout,
    polling: 20,
  })
  return page.evaluate(
    () => performance.timeOrigin + (window.bench.shownAt ?? NaN) - Number(sessionStorage.getItem('bench-callback')),
  )
}

/**
 * @param {Visitor} visitor
 * @returns {Promise<number>} milliseconds of CPU time of the main thread so far
 */
export async function cpuTime({ cdp }) {
  const { metrics } = await cdp.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN)
}

/**
 * Requests to the authorization server that ended so far.
 *
 * @param {Visitor} visitor
 * @param {'sign-in' | 'call'} [span] counts from the authorization response on, or up to the first good call of the API
 * @returns {Promise<{ all: number, series: number, token: number }>} `series`: how many had to wait for one another
 */
export async function takeRequests({ world }, span) {
  const arrived = await world.takeRequests()
  const isGoodCall = (/** @type {import('./start-world.mjs').SeenRequest} */ { path, status }) => path === API && status === 200
  const first = span === 'sign-in' ? 1 + arrived.findLastIndex(({ path }) => path === '/authorize') : 0
  const last = span === 'call' && arrived.some(isGoodCall) ? arrived.findIndex(isGoodCall) : arrived.length
  const seen = arrived.slice(first, last).filter(({ path }) => path !== API)
  let series = 0
  let end = -Infinity
  for (const request of seen.toSorted((a, b) => a.end - b.end)) {
    if (request.at < end) continue
    series += 1
    end = request.end
  }
  return {
    all: seen.length,
    series,
    token: seen.filter(({ path, method }) => path.endsWith('/token') && method === 'POST').length,
  }
}

/**
 * Ends what the page does on its own, so that it is not measured with the next thing.
 *
 * @param {Page} page
 */
export async function settle(page) {
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 100), { timeout: 2000 })))
}
