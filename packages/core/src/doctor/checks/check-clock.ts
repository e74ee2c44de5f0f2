import { type Check, findingsOf } from '../examination.js'

const DEFAULT_TOLERANCE = 30
/** Seconds that an ID token may be issued ahead of this device's clock: the sign-in works until then. */
const MAX_AHEAD = 600

/** Compares the clock of this device with those of the servers. */
export const checkClock: Check = {
  name: 'clocks',
  async run(examination) {
    const { clocks, setup } = examination
    const tolerance = setup.clockTolerance ?? DEFAULT_TOLERANCE
    if (clocks.length === 0) return { skipped: 'no response had a readable "Date"' }
    const different = clocks.filter(({ offset }) => Math.abs(offset) > tolerance)
    if (different.length === 0) return []
    const isDevice = different.length === clocks.length && clocks.length > 1
    const [first] = different
    const isAccepted = different.every(({ offset }) => offset > 0 && offset <= MAX_AHEAD)
    const owner = isDevice ? 'this device' : (first?.owner ?? '')
    return [
      findingsOf(examination)('clock_offset', {
        severity: isAccepted ? 'warning' : 'error',
        seen: different.map((clock) => `The clock of ${clock.owner} ${difference(clock.offset)}.`).join(' '),
        expected: `At most ${tolerance} s: ID tokens have times, and one that seems to be expired, or issued 10 minutes ahead, is refused.`,
        change: `Set the clock of ${owner}${isDevice || clocks.length > 1 ? '' : ' or of this device'} (NTP).`,
      }),
    ]
  },
}

function difference(offset: number): string {
  return `is ${Math.abs(offset)} s ${offset > 0 ? 'ahead of' : 'behind'} the one of this device`
}
