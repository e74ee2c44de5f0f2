/** Paths of endpoints under the issuer, by their standard paths without the slash: `{ authorize: '/oauth2/auth', token: '/oauth2/token' }`. */
export type EndpointPaths = Readonly<Record<string, string | undefined>>

/** Printable, and without what would start a parameter of a route, a query or a fragment. */
const SYNTAX = /^(?:\/[A-Za-z0-9\-._~!$&'()+,;=@%]+)+$/

/** Returns an endpoint's path under the issuer, without a parameter behind it. @param path its standard path, such as `/register/:id` */
export function endpointPath(path: string, paths: EndpointPaths): string {
  const [standard = '', ...parameters] = path.split('/:')
  return [paths[standard.slice(1)] ?? standard, ...parameters].join('/:')
}

/** Throws a TypeError for paths that no request could reach, or that two endpoints share. @param standard all standard paths */
export function checkEndpointPaths(paths: EndpointPaths, standard: readonly string[]): void {
  for (const [name, path] of Object.entries(paths)) {
    if (path === undefined) continue
    if (typeof path !== 'string' || !SYNTAX.test(path) || path.split('/').some((part) => part === '.' || part === '..'))
      throw new TypeError(`paths: "${name}" must be a path under the issuer, such as "/oauth2/${name}"`)
  }
  const used = standard.map((path) => endpointPath(path, paths))
  const shared = used.find((path, index) => used.indexOf(path) !== index)
  if (shared !== undefined) throw new TypeError(`paths: two endpoints have the path "${shared}"`)
}
