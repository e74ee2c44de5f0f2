/** Where the client writes what it does. No token, code, verifier or secret is ever handed to it. */
export interface Logger {
  debug(message: string, details?: Readonly<Record<string, unknown>>): void
  warn(message: string, details?: Readonly<Record<string, unknown>>): void
}

/** The default: says nothing. */
export const silentLogger: Logger = { debug: () => undefined, warn: () => undefined }

/** @returns the last four characters and the length of a secret: enough to tell two apart, too little to use */
export function redact(secret: string): string {
  return secret.length < 16 ? `… (${secret.length})` : `…${secret.slice(-4)} (${secret.length})`
}
