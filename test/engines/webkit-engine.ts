// WebKit: WebKitGTK's small browser, driven over WebDriver on a display that nobody sees.
import { spawn } from 'node:child_process'
import { Builder, By, until } from 'selenium-webdriver'
import type { WebDriver } from 'selenium-webdriver'
import { findWebKit } from '../gate/browsers.mjs'
import { listen } from '../harness/loopback.js'
import type { Engine, Tab } from './engine.js'

const TIMEOUT_MS = 15_000

export async function launchWebKit(): Promise<Engine> {
  const found = findWebKit()
  if (!found) throw new Error('WebKitGTK was not found')
  const port = await freePort()
  const server = spawn('xvfb-run', ['-a', found.driver, `--port=${port}`], { stdio: 'ignore', detached: true })
  const stop = (): void => {
    // The whole group: xvfb-run leaves its display behind when it alone is ended.
    if (server.pid) process.kill(-server.pid)
  }
  try {
    const driver = await connect(`http://127.0.0.1:${port}`, found.browser)
    let isFresh = true
    return {
      openTab: async (url) => {
        // The browser comes with a tab.
        if (!isFresh) await driver.switchTo().newWindow('tab')
        isFresh = false
        await driver.get(url)
        return tabOf(driver, await driver.getWindowHandle())
      },
      close: async () => {
        await driver.quit().catch(() => undefined)
        stop()
      },
    }
  } catch (error) {
    stop()
    throw error
  }
}

async function connect(url: string, browser: string): Promise<WebDriver> {
  const capabilities = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] } }
  const deadline = Date.now() + TIMEOUT_MS
  while (!(await isUp(url))) {
    if (Date.now() > deadline) throw new Error('WebKitWebDriver did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return new Builder().usingServer(url).withCapabilities(capabilities).build()
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
    close: async () => {
      await focus()
      await driver.close()
    },
  }
}
