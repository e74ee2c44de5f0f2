/** Where the client writes what it does. No token, code, verifier or secret is ever handed to it. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** Says nothing. */
export const silentLogger: Logger = { debug: () => undefined, warn: () => undefined }

/** The default: warnings go to the console, for the developer; other levels are discarded. */
export const warningLogger: Logger = {
  debug: () => undefined,
  // oxlint-disable-next-line no-console -- this is the one place that writes to it
  warn: (message, details) => console.warn(`latchkey: ${message}`, ...(details ? [details] : [])),
}
