// What a user sees and presses on a page of the fixture app or of a server. Playwright's own functions send a script of 340 kB to each
// document, twice, which was a fifth of the processor time of a sign-in.
import type { Page } from 'playwright-core'

const TIMEOUT_MS = 60_000
const NAVIGATED = /Execution context was destroyed/
const CLOSED = /has been closed|Target closed/

/** What to look for; its values go to the page. */
interface Wanted {
  /** CSS selector. */
  readonly selector: string
  /** The whole text of the element; default any. */
  readonly text?: string | undefined
}

interface Point {
  readonly x: number
  readonly y: number
}

declare global {
  interface Window {
    /** Whether the last click of a test reached its element. */
    isClickReceived?: boolean
  }
}

/** Waits until the page shows an element with this `data-testid` and text. */
export async function sees(page: Page, what: string, text: string): Promise<void> {
  await appears(page, { selector: `[data-testid="${what}"]`, text })
}

/** Waits until the page shows the element. */
export async function appears(page: Page, wanted: Wanted | string): Promise<void> {
  const { selector, text } = typeof wanted === 'string' ? { selector: wanted } : wanted
  await withDeadline(page, text === undefined ? selector : `${selector} with "${text}"`, () =>
    inPage(page, waitForElement, { selector, text }),
  )
}

/** @returns the text of the element with this `data-testid`; undefined while there is none */
export function shown(page: Page, what: string): Promise<string | undefined> {
  return inPage(page, (selector) => document.querySelector(selector)?.textContent ?? undefined, `[data-testid="${what}"]`)
}

/** Waits for a button with this text, and presses it with the mouse. */
export function press(page: Page, text: string): Promise<void> {
  return click(page, { selector: 'button', text })
}

/** Waits for the element, which must be the only one, and clicks it with the mouse. */
export async function click(page: Page, wanted: Wanted | string): Promise<void> {
  const { selector, text } = typeof wanted === 'string' ? { selector: wanted } : wanted
  await withDeadline(page, `${selector} ${text ?? ''} to click`, async (isOver) => {
    while (!isOver()) {
      await inPage(page, waitForElement, { selector, text })
      const point = await inPage(page, aim, { selector, text })
      if (point && (await hits(page, point))) return
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
  })
}

async function hits(page: Page, { x, y }: Point): Promise<boolean> {
  await page.mouse.click(x, y).catch(ignoreClosed)
  const isReceived = await page.evaluate(() => window.isClickReceived).catch(ignoreClosed)
  // Another document, or none, if the click has navigated or closed the page.
  return isReceived ?? true
}

function ignoreClosed(error: unknown): undefined {
  if (!NAVIGATED.test(String(error)) && !CLOSED.test(String(error))) throw error
  return undefined
}

/** Runs a function in the page, and again in the next document if the page navigates meanwhile. */
async function inPage<Argument, Result>(
  page: Page,
  run: (argument: Argument) => Result,
  argument: Argument,
): Promise<Awaited<Result>> {
  for (;;) {
    try {
      // Playwright's types unwrap what an argument might contain of its own.
      return (await page.evaluate(run as (argument: unknown) => Result, argument)) as Awaited<Result>
    } catch (error) {
      if (!NAVIGATED.test(String(error))) throw error
    }
  }
}

async function withDeadline(page: Page, what: string, act: (isOver: () => boolean) => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const deadline = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), TIMEOUT_MS)
  })
  const result = await Promise.race([act(() => isOver), deadline])
  isOver = true
  clearTimeout(timer)
  if (result !== 'late') return
  const text = await page.locator('body').innerText({ timeout: 5000 })
  throw new Error(`Expected ${what}. The page ${page.url()} shows:\n${text}`)
}

/** Runs in the page. It observes the document: a timer would be one of the page's, which tests replace. */
function waitForElement({ selector, text }: Wanted): Promise<void> {
  const isThere = (): boolean =>
    Array.from(document.querySelectorAll(selector)).some(
      (each) => (text === undefined || each.textContent === text) && each.checkVisibility(),
    )
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isThere()) return
      observer.disconnect()
      resolve()
    }
    const observer = new MutationObserver(look)
    observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
    look()
  })
}

/**
 * Runs in the page. A click that would reach another element, because the page has moved, reaches none.
 *
 * @returns the middle of the element; undefined if a click there would not reach it, or if it is disabled
 */
function aim({ selector, text }: Wanted): Point | undefined {
  const all = Array.from(document.querySelectorAll(selector))
  const [target, ...others] = all.filter((each) => text === undefined || each.textContent === text)
  if (others.length > 0) throw new Error(`${others.length + 1} elements are "${selector}" ${text ?? ''}`)
  if (!target || target.matches(':disabled')) return undefined
  target.scrollIntoView({ block: 'nearest' })
  const { x, y, width, height } = target.getBoundingClientRect()
  const middle = { x: x + width / 2, y: y + height / 2 }
  if (!target.contains(document.elementFromPoint(middle.x, middle.y))) return undefined
  window.isClickReceived = false
  const guard = (event: Event): void => {
    const isHit = event.composedPath().includes(target)
    if (event.type === 'click') window.isClickReceived = isHit
    if (isHit) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  for (const type of ['mousedown', 'mouseup', 'click']) addEventListener(type, guard, { capture: true, once: true })
  return middle
}
