/** How often a path may be encoded. */
const MAX_ROUNDS = 8

/**
 * The path as a server reads it that decodes separators and dots (once or several times) or drops path parameters: to such a server,
 * `/v1/..%2fall` and `/v1/..;/all` are `/all`. One with encoded control characters or overlong bytes may be any path.
 */
export function decodedPath({ pathname }: URL): string {
  let path = pathname
  let rounds = 0
  for (let before = ''; before !== path; path = path.replace(/%(?:25|2[ef]|3b|5c)/gi, decodeURIComponent)) {
    before = path
    // No server decodes as often, and each round reads the whole path. Some servers drop control characters, or read overlong slashes.
    if ((rounds += 1) > MAX_ROUNDS || /%(?:[01]\w|7f|c[01])/i.test(path)) return '/'
  }
  // Node 20 leaves dot segments behind `/.x` as they are, unless an encoded one comes first.
  return new URL(`https://x/%2e${path.replace(/;[^/\\]*/g, '')}`).pathname
}
