/**
 * Parses a URL.
 *
 * `URL.canParse` is not used: Node 20 and 22 return false for a valid URL that is not ASCII once they have optimized the call, after
 * some thousand calls.
 *
 * @returns undefined for text that is no URL
 */
export function parseUrl(text: string | URL, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base)
  } catch {
    return undefined
  }
}
