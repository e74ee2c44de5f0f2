/** Media type of form bodies, the only ones that a signature covers. */
export const FORM = 'application/x-www-form-urlencoded'

/** Tells whether the body of a message with these headers is a form: the only kind that a signature covers. */
export function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() === FORM
}

/**
 * Reads a form body, byte by byte: bytes that are not ASCII are percent-encoded, because a decoder replaces those that are not UTF-8.
 */
export function readForm(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) =>
    byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase()}`,
  ).join('')
}
