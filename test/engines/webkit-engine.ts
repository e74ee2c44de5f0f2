// WebKit: WebKitGTK's small browser, driven over WebDriver on a virtual display.
import { spawn } from 'node:child_process'
import { Builder, By, until, type WebDriver } from 'selenium-webdriver'
import { findWebKit } from '../gate/browsers.mjs'
import { listen, type Loopback } from '../harness/loopback.js'
import type { Engine, Profile, Tab } from './engine.js'

const TIMEOUT_MS = 60_000

/** Starts one browser for all profiles: a start takes as long as a test. */
export async function launchWebKit(): Promise<Engine> {
  const found = findWebKit()
  if (!found) throw new Error('WebKitGTK was not found')
  const port = await freePort()
  const server = spawn('xvfb-run', ['-a', found.driver, `--port=${port}`], { stdio: 'ignore', detached: true })
  const stop = (): void => {
    // The whole process group: ending xvfb-run alone leaves its display running.
    if (server.pid) process.kill(-server.pid)
  }
  try {
    const driver = await startBrowser(`http://127.0.0.1:${port}`, found.browser)
    const blank = await startBlankPage()
    return {
      openProfile: () => openProfile(driver, blank),
      close: async () => {
        await driver.quit().catch(() => undefined)
        stop()
        await blank.close()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

/** A page between two profiles. */
async function startBlankPage(): Promise<Loopback> {
  const host = await listen()
  host.serve((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html>'))
  return host
}

/** The driver cannot delete other data than cookies: a profile is only empty for an origin that no profile before it has visited. */
async function openProfile(driver: WebDriver, blank: Loopback): Promise<Profile> {
  const [first, ...more] = await driver.getAllWindowHandles()
  if (first === undefined || more.length > 0) throw new Error(`expected one window, found ${more.length + (first ? 1 : 0)}`)
  let isFirst = true
  return {
    openTab: async (address) => {
      if (isFirst) await driver.switchTo().window(first)
      else await driver.switchTo().newWindow('tab')
      isFirst = false
      await driver.get(address)
      return tabOf(driver, await driver.getWindowHandle())
    },
    close: async () => {
      for (const handle of await driver.getAllWindowHandles()) {
        await driver.switchTo().window(handle)
        if (handle !== first) await driver.close()
      }
      await driver.switchTo().window(first)
      // Cookies are the same for all ports of a host.
      for (const host of ['127.0.0.1', 'localhost']) {
        await driver.get(`http://${host}:${blank.port}/`)
        await driver.manage().deleteAllCookies()
      }
    },
  }
}

async function startBrowser(url: string, browser: string): Promise<WebDriver> {
  await waitForDriver(url)
  const capabilities = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } }
  return new Builder().usingServer(url).withCapabilities(capabilities).build()
}

async function waitForDriver(url: string): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS
  while (!(await isUp(url))) {
    if (Date.now() > deadline) throw new Error('WebKitWebDriver did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/status`).then(
    (response) => response.ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const host = await listen()
  await host.close()
  return host.port
}

/** WebDriver has one window in focus: each step goes to its own window first. */
function tabOf(driver: WebDriver, handle: string): Tab {
  const focus = (): Promise<void> => driver.switchTo().window(handle)
  return {
    goto: async (url) => {
      await focus()
      await driver.get(url)
    },
    reload: async () => {
      await focus()
      await driver.navigate().refresh()
    },
    click: async (selector) => {
      await focus()
      const element = await driver.wait(until.elementLocated(By.css(selector)), TIMEOUT_MS)
      await element.click()
    },
    shows: async (what) => {
      await focus()
      const script = 'return document.querySelector(`[data-testid="${arguments[0]}"]`)?.textContent'
      return (await driver.executeScript<string | null>(script, what).catch(() => undefined)) ?? undefined
    },
    address: async () => {
      await focus()
      return driver.getCurrentUrl()
    },
    hasOpener: async () => {
      await focus()
      return driver.executeScript<boolean>('return window.opener !== null')
    },
    has: async (selector) => {
      await focus()
      return (await driver.findElements(By.css(selector))).length > 0
    },
    popup: async (open) => {
      const before = new Set(await driver.getAllWindowHandles())
      await open()
      const opened = await driver.wait(
        async () => (await driver.getAllWindowHandles()).find((each) => !before.has(each)),
        TIMEOUT_MS,
      )
      if (!opened) throw new Error('no window was opened')
      return tabOf(driver, opened)
    },
    setClockShift: async (ms) => {
      await focus()
      await driver.executeScript('window.clockShift = arguments[0]', ms)
    },
    popupLooks: async () => {
      await focus()
      return driver.executeScript<number>('return window.popupLooks')
    },
    run: async (body) => {
      await focus()
      const failure = await driver.executeAsyncScript<string | null>(`
        const [done] = arguments;
        (async () => { ${body} })().then(() => done(), (error) => done(String(error)))`)
      if (failure) throw new Error(failure)
    },
    close: async () => {
      await focus()
      await driver.close()
    },
  }
}
