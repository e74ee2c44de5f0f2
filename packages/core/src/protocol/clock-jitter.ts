/** Clocks differ by less without having been changed. */
export const CLOCK_JITTER_SECONDS = 5
