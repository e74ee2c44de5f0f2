/** What is known of a request without its credentials. */
export interface RequestParts {
  readonly method: string
  /** Without user name, password, query and fragment. */
  readonly url: string
  /** Whether it has an `Authorization` header, as requests with an access token do. */
  readonly isAuthorized: boolean
  readonly grantType: string | undefined
  /** The names of the fields of a form. */
  readonly fields: readonly string[]
}

/** The grants that are named in events. A custom grant can have any name. */
const GRANT_TYPE = /^[\w:.-]{1,80}$/

/** Reads the parts of a request. The request itself can still be sent. */
export async function requestParts(input: RequestInfo | URL, init: RequestInit | undefined): Promise<RequestParts> {
  const isRequest = input instanceof Request
  const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined))
  const body = isForm(headers) ? await bodyOf(input, init) : ''
  const form = new URLSearchParams(body)
  const grantType = form.get('grant_type') ?? undefined
  return {
    method: (init?.method ?? (isRequest ? input.method : 'GET')).toUpperCase(),
    url: plainUrl(isRequest ? input.url : input),
    isAuthorized: headers.has('authorization'),
    grantType: grantType !== undefined && GRANT_TYPE.test(grantType) ? grantType : undefined,
    fields: [...form.keys()],
  }
}

function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
}

async function bodyOf(input: RequestInfo | URL, init: RequestInit | undefined): Promise<string> {
  if (typeof init?.body === 'string') return init.body
  return input instanceof Request && !input.bodyUsed ? input.clone().text() : ''
}

/** Removes what may be secret from a URL. @returns an empty text for an invalid URL, the scheme alone for a URL without a host */
export function plainUrl(address: string | URL): string {
  try {
    const { origin, protocol, host, pathname } = new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href)
    // The path of a `data:` URL is its content.
    if (host === '') return protocol
    return (origin === 'null' ? `${protocol}//${host}` : origin) + pathname
  } catch {
    return ''
  }
}
