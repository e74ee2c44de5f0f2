// Takes pictures of all pages of the built documentation, to look at: a wide window in light and dark, and a phone.
//   npm run docs:build && node test/all/docs/screenshots.mjs <folder> [text in the path of the page]
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openSite, urlsOfPages } from './open-site.mjs'

const VIEWS = /** @type {const} */ ([
  ['light', { width: 1280, height: 900 }],
  ['dark', { width: 1280, height: 900 }],
  ['light', { width: 390, height: 844 }],
])

const [folder, part = ''] = process.argv.slice(2)
if (!folder) throw new Error('Name the folder for the pictures, outside the repository.')
await mkdir(folder, { recursive: true })
const site = await openSite()
try {
  for (const [colorScheme, viewport] of VIEWS) {
    const page = await site.browser.newPage({ colorScheme, viewport, reducedMotion: 'reduce' })
    page.setDefaultTimeout(180_000)
    for (const url of urlsOfPages().filter((path) => path.includes(part))) {
      await page.goto(site.origin + url, { waitUntil: 'networkidle' })
      const name = url.replaceAll('/', '_') || 'home'
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${viewport.width}.png`), fullPage: true })
    }
    await page.close()
  }
} finally {
  await site.close()
}
