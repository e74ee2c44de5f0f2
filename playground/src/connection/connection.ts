/** The authorization server and the client that the playground uses. */
export interface Connection {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
}

/** An error message for each invalid field. */
export type ConnectionProblems = { readonly [Field in keyof Connection]?: string | undefined }

/** @returns an empty object if the connection is valid */
export function connectionProblems(connection: Connection): ConnectionProblems {
  const issuer = issuerProblem(connection.issuer)
  const scope = /["\\]/.test(connection.scope)
    ? 'Separate scope values with spaces. Quotes and backslashes are not allowed.'
    : undefined
  return {
    ...(issuer && { issuer }),
    ...(!connection.clientId.trim() && { clientId: 'Enter the client ID that the server issued for this app.' }),
    ...(scope && { scope }),
  }
}

function issuerProblem(issuer: string): string | undefined {
  if (!URL.canParse(issuer)) return 'Enter a complete URL, such as https://id.example.com'
  const { protocol, search, hash, pathname } = new URL(issuer)
  if (search || hash) return 'An issuer must not contain “?” or “#” (RFC 8414, section 2).'
  if (pathname.includes('/.well-known/'))
    return 'This is the address of the metadata. The issuer is the part before “/.well-known/”.'
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback(issuer))) return undefined
  return 'An issuer must start with https://. Only localhost and 127.0.0.1 may use http://.'
}

/** @returns the address of the issuer's metadata: a slash at the end of the issuer is not doubled (OpenID Connect Discovery 1.0, section 4) */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** True for a URL that only programs on this computer can open. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
}
