// Builds the documentation and looks at each page in Chromium, in light and dark: no axe finding, no console error, no dead anchor, nothing
// wider than a phone; a page of each section in a wide window too. The search must find the guides first. VitePress itself fails on a link to a page that is not there.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { command, root } from '../../gate/command.mjs'
import { openSite, urlsOfPages } from './open-site.mjs'

const PHONE = { width: 390, height: 844 }
/** What a wide window shows beside the text is the same on every page of a section. */
const WIDE = { width: 1440, height: 900 }
const WIDE_PAGES = [
  '/',
  '/start/',
  '/connect/keycloak',
  '/guides/mcp',
  '/reference/cli',
  '/migrate/msal-react',
  '/understand/comparison',
]
/** A word finds its guide first, a full name its entry in the reference. */
const FIRST_RESULTS = /** @type {const} */ ([
  ['popup', '/guides/popup#'],
  ['logout', '/guides/sign-in-and-out#'],
  ['sign out', '/guides/sign-in-and-out#'],
  ['popup_blocked', '/reference/errors#popup_blocked'],
  ['invalid_grant', '/reference/errors#invalid_grant'],
  ['useLogin', '/reference/hooks#'],
])
/** What newcomers type, and the page that must be among the first three. */
const EARLY_RESULTS = /** @type {const} */ ([
  ['sign in', '/guides/sign-in-and-out#'],
  ['login', '/guides/sign-in-and-out#'],
  ['redirect after login', '/guides/sign-in-and-out#'],
  ['user profile', '/guides/sign-in-and-out#'],
  ['typescript claims', '/guides/sign-in-and-out#'],
  ['loading state', '/guides/sign-in-and-out#'],
  ['access token', '/guides/call-an-api#'],
  ['401', '/guides/call-an-api#'],
  ['react query', '/guides/call-an-api#'],
  ['axios', '/guides/http-clients#'],
  ['protect route', '/guides/protect-routes#'],
  ['next.js', '/guides/protect-routes#'],
  ['roles', '/guides/protect-routes#'],
  ['ssr', '/guides/protect-routes#'],
  ['refresh token', '/guides/tabs-and-refresh#'],
  ['token expired', '/guides/tabs-and-refresh#'],
  ['session timeout', '/guides/tabs-and-refresh#'],
  ['multiple tabs', '/guides/tabs-and-refresh#'],
  ['silent renew', '/guides/silent-sign-in#'],
  ['session lost after reload', '/guides/deploy#'],
  ['blank page', '/guides/error-handling#'],
  ['testing', '/guides/testing#'],
  ['mock user in tests', '/guides/testing#'],
  ['mfa', '/guides/step-up#'],
  ['csp', '/guides/deploy#'],
  ['jwt verify', '/guides/your-api#'],
  ['multiple providers', '/guides/several-providers#'],
  ['token storage', '/understand/security#'],
  ['nonce', '/understand/code-flow#'],
  ['pkce', '/start/pkce#'],
  ['environment variables', '/start/next#'],
  ['keycloak redirect', '/connect/keycloak#'],
  ['azure ad', '/connect/entra-id#'],
  ['cors', '/reference/doctor#'],
  ['useToken', '/reference/hooks#'],
  ['msal', '/migrate/msal-react#'],
  ['bundle size', '/understand/bundle-sizes#'],
])
/** @type {string[]} */
const problems = []

const { code, output } = await command('node', [join(root, 'docs/build/build.mjs')])
if (code === 0) await lookAtPages()
else problems.push(output)
if (code === 0) await checkPlainPages()
for (const problem of problems) console.log(problem)
console.log(problems.length === 0 ? '1 passed, 0 failed' : `0 passed, ${problems.length} failed`)
process.exitCode = problems.length === 0 ? 0 : 1

/** Each page has its Markdown, without markup of the site, and each of its relative links leads to a file. */
async function checkPlainPages() {
  const dist = join(root, 'docs/.vitepress/dist')
  for (const url of urlsOfPages()) {
    const file = join(dist, url.endsWith('/') ? `${url}index.md` : `${url}.md`)
    if (!existsSync(file)) problems.push(`${url} has no Markdown`)
    else if (!url.startsWith('/reference/api/')) checkPlainPage(file, await readFile(file, 'utf8'))
  }
}

/** @param {string} file @param {string} text */
function checkPlainPage(file, text) {
  if (/^:::/m.test(text)) problems.push(`${file} contains a container of VitePress`)
  for (const [, href = ''] of text.matchAll(/\]\((\.[^)#\s]+)/g))
    if (!existsSync(join(dirname(file), href))) problems.push(`${file}: no file at ${href}`)
}

async function lookAtPages() {
  const site = await openSite()
  try {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const page = await site.browser.newPage({ colorScheme, viewport: PHONE, reducedMotion: 'reduce' })
      page.on(
        'console',
        (message) => message.type() === 'error' && problems.push(`${colorScheme} ${page.url()}: ${message.text()}`),
      )
      page.on('pageerror', (error) => problems.push(`${colorScheme} ${page.url()}: ${error.message}`))
      for (const url of urlsOfPages()) await lookAt(page, site.origin + url, colorScheme)
      await runStory(page, `${site.origin}/understand/code-flow`, colorScheme)
      await page.setViewportSize(WIDE)
      for (const url of WIDE_PAGES) await lookAt(page, site.origin + url, `wide, ${colorScheme}`)
      await page.close()
    }
    await search(await site.browser.newPage(), site.origin)
  } finally {
    await site.close()
  }
}

/**
 * @param {import('playwright').Page} page
 * @param {string} url
 * @param {string} colorScheme
 */
async function lookAt(page, url, colorScheme) {
  await page.goto(url, { waitUntil: 'load' })
  await page.evaluate(await axeSource())
  const { findings, width, deadAnchors } = await page.evaluate(async () => {
    // VitePress's own code highlighting is chosen for its contrast, and is the same on every page.
    const { violations } = await Reflect.get(globalThis, 'axe').run(document)
    const links = [...document.querySelectorAll('main a[href*="#"]')].filter((link) => link instanceof HTMLAnchorElement)
    const own = links.filter(
      ({ origin, pathname, hash }) => origin === location.origin && pathname === location.pathname && hash !== '',
    )
    return {
      findings: violations.map(
        (/** @type {{ id: string, nodes: Array<{ html: string }> }} */ { id, nodes }) => `${id}: ${nodes[0]?.html}`,
      ),
      width: document.documentElement.scrollWidth,
      deadAnchors: own.map(({ hash }) => decodeURIComponent(hash.slice(1))).filter((id) => !document.getElementById(id)),
    }
  })
  for (const finding of findings) problems.push(`${colorScheme} ${url}: ${finding}`)
  for (const anchor of deadAnchors) problems.push(`${url}: no element has the id ${anchor}`)
  if (width > (page.viewportSize()?.width ?? 0)) problems.push(`${colorScheme} ${url} is ${width} px wide`)
}

/**
 * Signs in in the story of the code flow, by keyboard, then with a fault.
 *
 * @param {import('playwright').Page} page
 * @param {string} url
 * @param {string} colorScheme
 */
async function runStory(page, url, colorScheme) {
  await page.goto(url)
  const story = page.frameLocator('iframe.live-story')
  const signIn = async () => {
    await story.getByRole('button', { name: 'Sign in', exact: true }).press('Enter')
    await story.getByRole('button', { name: 'Ada Lovelace' }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
  }
  await signIn()
  await story.getByRole('heading', { name: 'Result' }).waitFor()
  const done = await story.getByRole('img', { name: /done$/ }).count()
  if (done !== 8) problems.push(`${colorScheme} ${url}: ${done} of the 8 steps are done after the sign-in`)
  await lookAtStory(page, `${colorScheme} ${url}, signed in`)
  await story.getByRole('combobox', { name: 'Break it' }).click()
  await story.getByRole('option', { name: 'Unsigned ID token' }).click()
  await signIn()
  await story.getByRole('alert').getByText('invalid_id_token', { exact: true }).waitFor()
  await lookAtStory(page, `${colorScheme} ${url}, with a fault`)
}

/**
 * @param {import('playwright').Page} page
 * @param {string} where
 */
async function lookAtStory(page, where) {
  const [, frame] = page.frames()
  await frame?.evaluate(await axeSource())
  const findings = await frame?.evaluate(async () => {
    const { violations } = await Reflect.get(globalThis, 'axe').run(document)
    return violations.map(
      (/** @type {{ id: string, nodes: Array<{ html: string }> }} */ { id, nodes }) => `${id}: ${nodes[0]?.html}`,
    )
  })
  for (const finding of findings ?? ['there is no frame']) problems.push(`${where}: ${finding}`)
}

function axeSource() {
  return readFile(createRequire(join(root, 'playground/package.json')).resolve('axe-core/axe.min.js'), 'utf8')
}

/**
 * @param {import('playwright').Page} page
 * @param {string} origin
 */
async function search(page, origin) {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Search' }).click()
  for (const [text, expected] of FIRST_RESULTS) await findIn(page, text, expected, 1)
  for (const [text, expected] of EARLY_RESULTS) await findIn(page, text, expected, 3)
}

/**
 * @param {import('playwright').Page} page
 * @param {string} text
 * @param {string} expected the beginning of an address
 * @param {number} count among how many of the first results it must be
 */
async function findIn(page, text, expected, count) {
  await page.getByRole('searchbox').fill(text)
  const results = Array.from({ length: count }, (_, index) => `:nth-child(${index + 1} of li) [href^="${expected}"]`)
  const found = await page
    .getByRole('listbox')
    .locator(results.join(', '))
    .first()
    .waitFor({ timeout: 5000 })
    .then(
      () => true,
      () => false,
    )
  if (found) return
  const links = await page.getByRole('listbox').getByRole('link').all()
  const seen = await Promise.all(links.slice(0, count).map((link) => link.getAttribute('href')))
  problems.push(`The search for "${text}" finds ${seen.join(', ')} first, not ${expected}`)
}
