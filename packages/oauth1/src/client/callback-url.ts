/** What a callback URL says. @see RFC 5849, section 2.2 */
export interface CallbackResponse {
  readonly state: string | undefined
  readonly token: string | undefined
  readonly verifier: string | undefined
  /** The provider's own code if the user has denied the access. RFC 5849 defines none: `error` and `denied` are in use. */
  readonly error: string | undefined
  readonly errorDescription: string | undefined
}

const PARAMETERS = 'state oauth_token oauth_verifier oauth_problem denied error error_description'.split(' ')

/** @returns undefined for a URL without a response */
export function readCallback({ searchParams }: URL): CallbackResponse | undefined {
  const get = (name: string): string | undefined => searchParams.get(name) ?? undefined
  const denied = get('denied')
  const error = get('error') ?? get('oauth_problem') ?? (denied === undefined ? undefined : 'access_denied')
  // Twitter names the temporary credentials `denied` if the user has denied the access.
  const token = get('oauth_token') ?? denied
  if (token === undefined && error === undefined) return undefined
  return { state: get('state'), token, verifier: get('oauth_verifier'), error, errorDescription: get('error_description') }
}

/** Removes the response from a URL, so that nothing of it stays in the address bar, the history or the Referer. */
export function withoutCallback(url: URL): URL {
  const clean = new URL(url)
  for (const name of PARAMETERS) clean.searchParams.delete(name)
  return clean
}

/** Creates the `state` of a response whose callback URL has none: it is that of its temporary credentials. */
export function stateOfToken(key: string, kind: 'o' | 'ow', token: string): string {
  const hex = Array.from(new TextEncoder().encode(token), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `lk.${key}.${kind}.${hex}`
}
