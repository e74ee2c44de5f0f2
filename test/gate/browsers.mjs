// Where the browsers are. CHROMIUM_PATH, FIREFOX_PATH, WEBKIT_PATH and WEBKIT_DRIVER_PATH win over what is found.
import { existsSync, readdirSync } from 'node:fs'

const CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
/** Not the script of the same name in /usr/bin, which would be left running with the browser when its process is killed. */
const HEADLESS_SHELL = ['/usr/lib/chromium/chromium-headless-shell']
const FIREFOX = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]
const WEBKIT_DRIVER = ['/usr/bin/WebKitWebDriver']

/** What Playwright turns off, which the flag below would turn on again, and which concerns a test. */
const PLAYWRIGHT_DISABLES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
]
/**
 * Each window of Chromium, without a display too, loads two pages for suggestions of its address bar, and keeps a process in reserve.
 * They took more than half of the processor time of a test that opens a page (1.2 s, now 0.6 s).
 */
const COSTLY_FEATURES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess']

/** What a headless Chromium gets: no sandbox (tests run as root in containers), no traffic of its own, no pages of its own. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${[...PLAYWRIGHT_DISABLES, ...COSTLY_FEATURES].join(',')}`,
]

/** @returns {string | undefined} undefined lets Playwright use its own download */
export function findChromium() {
  return process.env.CHROMIUM_PATH ?? CHROMIUM.find((path) => existsSync(path))
}

/** @returns {string | undefined} Chromium without windows: the same engine, half the processor time for a test that opens a page */
export function findHeadlessShell() {
  return HEADLESS_SHELL.find((path) => existsSync(path))
}

/**
 * What Playwright launches. CHROMIUM_PATH names the browser of all tests.
 *
 * @param {{ hasWindows?: boolean }} [options] `hasWindows`: the browser as users have it, with its windows, profiles and back/forward cache
 * @returns {{ executablePath?: string, channel?: string, args: string[] }}
 */
export function chromiumLaunchOptions({ hasWindows = false } = {}) {
  const shell = process.env.CHROMIUM_PATH || hasWindows ? undefined : findHeadlessShell()
  const executablePath = shell ?? findChromium()
  return { ...(executablePath ? { executablePath } : { channel: 'chromium' }), args: chromiumArguments }
}

/** @returns {string | undefined} */
export function findFirefox() {
  return process.env.FIREFOX_PATH ?? FIREFOX.find((path) => existsSync(path))
}

/** WebKit comes as two programs: the driver that speaks WebDriver, and the small browser it drives. Linux only. */
export function findWebKit() {
  const driver = process.env.WEBKIT_DRIVER_PATH ?? WEBKIT_DRIVER.find((path) => existsSync(path))
  const browser = process.env.WEBKIT_PATH ?? miniBrowsers().find((path) => existsSync(path))
  return driver && browser ? { driver, browser } : undefined
}

function miniBrowsers() {
  const root = '/usr/lib'
  if (!existsSync(root)) return []
  return readdirSync(root)
    .filter((name) => name.includes('-linux-gnu'))
    .flatMap((name) => [`${root}/${name}/webkit2gtk-4.1/MiniBrowser`, `${root}/${name}/webkit2gtk-4.0/MiniBrowser`])
}
