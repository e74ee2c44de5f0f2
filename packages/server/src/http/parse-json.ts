import { isUsableText } from '../storage/usable-text.js'

/** Nested objects and lists. Nothing that clients send needs more, and functions that call themselves fail at a few thousand. */
const MAX_DEPTH = 20

/** Parses JSON of another party. Throws a TypeError if it is not JSON, nested too deep, or has text that cannot be stored. */
export function parseJson(text: string): unknown {
  const value: unknown = parse(text)
  checkJson(value)
  return value
}

/** Throws a TypeError for a JSON value that is nested too deep, or has text that cannot be stored. */
export function checkJson(value: unknown, depth = 0): void {
  if (typeof value === 'string' && !isUsableText(value)) throw new TypeError('the JSON has text that is not Unicode')
  if (typeof value !== 'object' || value === null) return
  if (depth >= MAX_DEPTH) throw new TypeError(`the JSON is nested more than ${MAX_DEPTH} levels deep`)
  for (const [name, member] of Object.entries(value)) {
    checkJson(name)
    checkJson(member, depth + 1)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError('the text is not JSON', { cause })
  }
}
