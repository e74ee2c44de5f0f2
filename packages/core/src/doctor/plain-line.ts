/** Longer than any text of the doctor itself. */
const MAX_LENGTH = 2000

/**
 * Makes words of a server safe to show: one line without control characters, which a terminal would obey, and without marks that reorder
 * text.
 */
export function plainLine(text: string, maxLength: number = MAX_LENGTH): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  const line = text.replaceAll(/[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
  return line.length > maxLength ? `${line.slice(0, maxLength)}…` : line
}
