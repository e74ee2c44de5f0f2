// Where the browsers are. CHROMIUM_PATH, FIREFOX_PATH and WEBKIT_PATH win over what is found.
import { existsSync } from 'node:fs'

const CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** @returns {string | undefined} undefined lets Playwright use its own download */
export function findChromium() {
  return process.env.CHROMIUM_PATH ?? CHROMIUM.find((path) => existsSync(path))
}
