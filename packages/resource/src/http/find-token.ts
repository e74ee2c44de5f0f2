/** Where a request may have its access token. @see RFC 6750, section 2 */
export type TokenPlace = 'header' | 'body' | 'query'

/** An access token, and the scheme that it was sent with. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
  /** Where the request has it. */
  readonly place: TokenPlace
}

/** A request whose body may have been read by a parser. */
export interface TokenSource {
  /** The request. Its body is left unread. */
  readonly request: Request
  /** The parameters of its form, if a parser has read the body. */
  readonly form?: URLSearchParams | undefined
  /** Where tokens are looked for. */
  readonly places: readonly TokenPlace[]
}

/** What the API and the authorization server do in their own way. */
export interface TokenReader {
  readonly readForm: (request: Request) => Promise<URLSearchParams>
  /** Creates the error `invalid_request`. */
  readonly createError: (description: string) => Error
}

/**
 * Returns the access token of a request; undefined if there is none. Throws the reader's error for several tokens, or a malformed header.
 *
 * @see RFC 6750, section 2
 */
export async function findToken(
  { request, form, places }: TokenSource,
  reader: TokenReader,
): Promise<PresentedToken | undefined> {
  const inHeader = places.includes('header') ? tokenInHeader(request, reader) : undefined
  const inBody = places.includes('body') ? tokensIn(form ?? (await formOf(request, inHeader !== undefined, reader))) : []
  const inQuery = places.includes('query') ? tokensIn(new URL(request.url).searchParams) : []
  const found: readonly PresentedToken[] = [
    ...(inHeader ? [inHeader] : []),
    ...inBody.map((token) => ({ scheme: 'bearer', place: 'body', token }) as const),
    ...inQuery.map((token) => ({ scheme: 'bearer', place: 'query', token }) as const),
  ]
  if (found.length > 1) throw reader.createError('the request has more than one access token')
  return found[0]
}

/**
 * Returns the access token in a request's Authorization header; undefined if there is none. Throws the reader's error for a malformed
 * header.
 *
 * @see RFC 6750, section 2.1; RFC 9449, section 7.1
 */
export function tokenInHeader(request: Request, { createError }: Pick<TokenReader, 'createError'>): PresentedToken | undefined {
  const header = request.headers.get('authorization')
  if (header === null) return undefined
  const [, scheme, token] = /^(bearer|dpop) +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(header) ?? []
  if (scheme !== undefined && token !== undefined)
    return { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token, place: 'header' }
  if (!/^(?:bearer|dpop)\b/i.test(header)) return undefined
  throw createError('the Authorization header must be "Bearer" or "DPoP", and one token')
}

function tokensIn(params: URLSearchParams): readonly string[] {
  const tokens = params.getAll('access_token')
  return tokens.every((token) => token === '') ? [] : tokens
}

/** Reads a copy of the body, so that the handler can read it too. Beside a token in the header, an unreadable form has none. */
async function formOf(request: Request, hasToken: boolean, { readForm }: TokenReader): Promise<URLSearchParams> {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(request.headers.get('content-type') ?? '')
  if (!isForm || request.method === 'GET' || request.method === 'HEAD' || request.bodyUsed) return new URLSearchParams()
  const form = readForm(request.clone())
  return hasToken ? form.catch(() => new URLSearchParams()) : form
}
