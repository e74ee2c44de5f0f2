/** The longest delay that `setTimeout` takes; a longer one fires at once. */
export const MAX_TIMEOUT_MS: number = 2 ** 31 - 1
