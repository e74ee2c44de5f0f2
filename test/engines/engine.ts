import { afterAll } from 'vitest'

/** One tab of a browser, as far as the main flows need it. */
export interface Tab {
  goto(url: string): Promise<void>
  reload(): Promise<void>
  /** Waits for the element, then clicks it. */
  click(selector: string): Promise<void>
  /** Text of the fixture app's `data-testid`; undefined while there is none. */
  shows(what: string): Promise<string | undefined>
  /** What the address bar shows. */
  address(): Promise<string>
  /** Whether the page could navigate the one that opened it. */
  hasOpener(): Promise<boolean>
  /** Whether the page has such an element now. */
  has(selector: string): Promise<boolean>
  /** Does what opens a window, and waits for it. */
  popup(open: () => Promise<void>): Promise<Tab>
  /** Moves the fixture app's clock ahead by so many milliseconds; its timers do not fire. */
  setClockShift(ms: number): Promise<void>
  /** How often the fixture app has read `closed` of a popup that it opened. */
  popupLooks(): Promise<number>
  /** Runs the body of an async function in the page, and waits for it. */
  run(body: string): Promise<void>
  /** Closes it, as a user does. */
  close(): Promise<void>
}

/** A profile that is empty at first: its tabs share cookies and storage with no other profile. */
export interface Profile {
  openTab(url: string): Promise<Tab>
  close(): Promise<void>
}

/** A running browser. One profile is open at a time. WebKit's are empty for new origins only. */
export interface Engine {
  openProfile(): Promise<Profile>
  close(): Promise<void>
}

export type LaunchEngine = () => Promise<Engine>

/** @returns a function that starts one browser for all tests of the file, which end it */
export function shareEngine(launch: LaunchEngine): LaunchEngine {
  let starting: Promise<Engine> | undefined
  afterAll(async () => (await starting)?.close())
  return async () => {
    starting ??= launch()
    const running = await starting
    return { openProfile: () => running.openProfile(), close: async () => undefined }
  }
}
