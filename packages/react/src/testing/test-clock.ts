/** The clock of a test server and its clients: the machine's (or that of fake timers), plus what the test has added. */
export interface TestClock {
  /** Returns milliseconds since the epoch. */
  readonly now: () => number
  /**
   * Moves the clock ahead. The page notices at once, as a device does that wakes up: a token that is due is refreshed.
   *
   * @param seconds may be negative: the clock is set back
   */
  readonly advance: (seconds: number) => void
}

/** Creates a clock that shows the machine's time. */
export function createTestClock(): TestClock {
  let aheadMs = 0
  return {
    now: () => Date.now() + aheadMs,
    advance(seconds) {
      aheadMs += seconds * 1000
      // A client looks at the time when its page becomes visible: its own timers have no idea that the clock was moved.
      if (typeof document !== 'undefined') document.dispatchEvent(new Event('visibilitychange'))
    },
  }
}
