/** Tells whether a value is a list of at most 50 strings of at most 2000 characters each. */
export function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 50 && value.every((item) => typeof item === 'string' && item.length <= 2000)
}
