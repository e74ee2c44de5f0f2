// Takes the README's screenshots of a running playground: npm start, then node playground/take-screenshots.mjs [URL]
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { chromiumArguments, findChromium } from '../test/gate/browsers.mjs'

const folder = dirname(fileURLToPath(import.meta.url))
const url = process.argv[2] ?? 'http://127.0.0.1:5173/'
const executablePath = findChromium()
const browser = await chromium.launch({ args: chromiumArguments, ...(executablePath && { executablePath }) })
try {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1000 } })
    await page.goto(url)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Ada Lovelace' }).click()
    await page.getByText('You are signed in').waitFor()
    await page.getByRole('complementary').getByRole('button', { name: 'Token request' }).click()
    // Wait for the end of the opening animation.
    await page.waitForTimeout(600)
    // The signed-in user and all arrows of the story, which end below the first screen.
    await page.getByRole('heading', { name: 'You are signed in' }).evaluate((heading) => {
      window.scrollTo(0, heading.getBoundingClientRect().top + window.scrollY - 100)
    })
    await page.mouse.move(0, 0)
    await page.screenshot({ path: join(folder, `screenshot-${colorScheme}.png`) })
    await page.close()
  }
} finally {
  await browser.close()
}
