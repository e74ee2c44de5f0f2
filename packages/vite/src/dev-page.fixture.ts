import { chromium, type Page } from 'playwright'
import type { ViteDevServer } from 'vite'
import { onTestFinished } from 'vitest'
import { chromiumLaunchOptions } from '../../../test/gate/browsers.mjs'

/** Starts a development server and opens its first page in Chromium, which is closed when the test ends. */
export async function openDevPage(server: ViteDevServer): Promise<Page> {
  await server.listen()
  const browser = await chromium.launch(chromiumLaunchOptions())
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(server.resolvedUrls?.local[0] ?? '')
  return page
}
