// Serves the built documentation, and opens a browser.
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright'
import { listPages } from '../../../docs/build/pages.mjs'
import { chromiumArguments, findChromium } from '../../gate/browsers.mjs'
import { root } from '../../gate/command.mjs'

const SITE = join(root, 'docs/.vitepress/dist')
const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
})

/** Opens a browser and serves `docs/.vitepress/dist` at an origin of this machine. */
export async function openSite() {
  const server = createServer(
    (request, response) => void respond(new URL(request.url ?? '/', 'http://localhost').pathname, response),
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const executablePath = findChromium()
  const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
  return {
    browser,
    origin: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    async close() {
      await browser.close()
      server.close()
    },
  }
}

/** @returns {string[]} the paths of all pages but those of the API reference, which have the form of one of them */
export function urlsOfPages() {
  const urls = listPages().map(({ url }) => url)
  return urls.filter((url) => !url.startsWith('/reference/api/') || url === '/reference/api/core/registry')
}

/**
 * As a static host does that supports addresses without `.html`.
 *
 * @param {string} path
 * @param {import('node:http').ServerResponse} response
 */
async function respond(path, response) {
  const file = path.endsWith('/') ? `${path}index.html` : extname(path) === '' ? `${path}.html` : path
  const body = await readFile(join(SITE, decodeURIComponent(file))).catch(() => undefined)
  response.writeHead(body ? 200 : 404, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body)
}
