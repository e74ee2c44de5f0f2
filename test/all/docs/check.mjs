// Builds the documentation and looks at each page in Chromium, in light and dark: no axe finding, no console error, no dead anchor, nothing
// wider than a phone. The search must find "popup". VitePress itself fails on a link to a page that is not there.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'
import { command, root } from '../../gate/command.mjs'

const site = join(root, 'docs/.vitepress/dist')
const PHONE = { width: 390, height: 844 }
const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
})
/** @type {string[]} */
const problems = []

const { code, output } = await command('node', [join(root, 'docs/build/build.mjs')])
if (code === 0) await lookAtPages()
else problems.push(output)
for (const problem of problems) console.log(problem)
console.log(problems.length === 0 ? '1 passed, 0 failed' : `0 passed, ${problems.length} failed`)
process.exitCode = problems.length === 0 ? 0 : 1

async function lookAtPages() {
  const server = createServer(
    (request, response) => void respond(new URL(request.url ?? '/', 'http://localhost').pathname, response),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
  try {
    const urls = await urlsOfPages()
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const page = await browser.newPage({ colorScheme, viewport: PHONE, reducedMotion: 'reduce' })
      page.on(
        'console',
        (message) => message.type() === 'error' && problems.push(`${colorScheme} ${page.url()}: ${message.text()}`),
      )
      page.on('pageerror', (error) => problems.push(`${colorScheme} ${page.url()}: ${error.message}`))
      for (const url of urls) await lookAt(page, origin + url, colorScheme)
      await page.close()
    }
    await search(await browser.newPage(), origin)
  } finally {
    await browser.close()
    server.close()
  }
}

/** @returns {Promise<string[]>} the paths of all pages but those of the API reference, which have the form of one of them */
async function urlsOfPages() {
  const { listPages } = await import('../../../docs/build/pages.mjs')
  const urls = listPages().map(({ url }) => url)
  return urls.filter((url) => !url.startsWith('/reference/api/') || url === '/reference/api/core/registry')
}

/**
 * @param {import('playwright').Page} page
 * @param {string} url
 * @param {string} colorScheme
 */
async function lookAt(page, url, colorScheme) {
  await page.goto(url, { waitUntil: 'load' })
  const axe = await readFile(createRequire(join(root, 'playground/package.json')).resolve('axe-core/axe.min.js'), 'utf8')
  await page.evaluate(axe)
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
  if (width > PHONE.width) problems.push(`${url} is ${width} px wide`)
}

/**
 * @param {import('playwright').Page} page
 * @param {string} origin
 */
async function search(page, origin) {
  await page.goto(origin)
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('searchbox').fill('popup')
  const first = page.getByRole('listbox').getByRole('link').first()
  await first.waitFor()
  if (!(await first.getAttribute('href'))?.includes('popup'))
    problems.push('The search for "popup" does not find the guide first')
}

/**
 * Serves the built site as a static host does that supports addresses without `.html`.
 *
 * @param {string} path
 * @param {import('node:http').ServerResponse} response
 */
async function respond(path, response) {
  const file = path.endsWith('/') ? `${path}index.html` : extname(path) === '' ? `${path}.html` : path
  const body = await readFile(join(site, decodeURIComponent(file))).catch(() => undefined)
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body)
}
