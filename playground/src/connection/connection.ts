/** Which authorization server the playground talks to, and as which client. */
export interface Connection {
  readonly issuer: string
  readonly clientId: string
  readonly scope: string
}

/** What is wrong with each field, in a sentence that says what to type. */
export type ConnectionProblems = { readonly [Field in keyof Connection]?: string }

/** @returns an empty object when the connection can be used */
export function connectionProblems(connection: Connection): ConnectionProblems {
  const issuer = issuerProblem(connection.issuer)
  const scope = /["\\]/.test(connection.scope)
    ? 'A scope is words with spaces between them, without quotes or backslashes.'
    : undefined
  return {
    ...(issuer && { issuer }),
    ...(!connection.clientId.trim() && { clientId: 'The server gives every app a client id: type the one that it gave yours.' }),
    ...(scope && { scope }),
  }
}

function issuerProblem(issuer: string): string | undefined {
  if (!URL.canParse(issuer)) return 'An issuer is a whole URL, such as https://id.example.com'
  const { protocol, hostname, search, hash, pathname } = new URL(issuer)
  if (search || hash) return 'An issuer has no “?” and no “#” (RFC 8414, section 2).'
  if (pathname.includes('/.well-known/')) return 'That is the discovery document. The issuer is the part before “/.well-known/”.'
  const isLoopback =
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1' || hostname === '[::1]'
  if (protocol === 'https:' || (protocol === 'http:' && isLoopback)) return undefined
  return 'An issuer begins with https:// (http:// is for this machine alone: localhost or 127.0.0.1).'
}
