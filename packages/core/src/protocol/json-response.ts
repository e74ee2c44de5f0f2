import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { isRecord } from '../platform/is-record.js'
import { type Purpose, refused, serverWords, unavailable } from './protocol-errors.js'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads the JSON object of a successful response.
 *
 * @param secrets values that were sent and must not come back in a message
 * @throws NetworkError server_error, rate_limited; ServerError with the purpose's `refused` code or invalid_grant;
 *   ValidationError with the purpose's `invalid` code
 */
export async function readJsonObject(response: Response, purpose: Purpose, secrets: readonly string[] = []): Promise<JsonObject> {
  const body = await parseBody(response)
  const words = serverWords((name) => body?.[name], secrets)
  if (response.status >= 500 || response.status === 429) throw unavailable(purpose, response, words)
  // Some servers return `error` with status 200.
  if (words.error !== undefined) throw refused(purpose, response.status, { ...words, error: words.error })

  if (!body || !response.ok) throw unexpectedBody(response, purpose, body !== undefined)
  if (purpose.mediaType && !purpose.mediaType.test(response.headers.get('content-type') ?? ''))
    throw otherMediaType(response, purpose)

  return body
}

function otherMediaType(response: Response, purpose: Purpose): OAuthClientError {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type'
  return createError(purpose.invalid, `The ${purpose.name} responded with JSON as ${type}: expected application/json.`, {
    hint: `The server must send the right media type. For a server that does not, correct it in the compliance hook "${purpose.hook ?? 'tokenResponse'}".`,
    spec: purpose.spec,
    status: response.status,
  })
}

/** @returns undefined if the body is not a JSON object */
export async function parseBody(response: Response): Promise<JsonObject | undefined> {
  try {
    const body: unknown = JSON.parse(await response.text())
    return isRecord(body) ? body : undefined
  } catch {
    return undefined
  }
}

function unexpectedBody(response: Response, purpose: Purpose, isJson: boolean): OAuthClientError {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type'
  const what = isJson ? 'JSON with neither a result nor "error"' : `${type}, which is not a JSON object`
  return createError(purpose.invalid, `The ${purpose.name} responded with status ${response.status} and ${what}.`, {
    hint: `Check that the URL is that of the ${purpose.name}; a proxy or a single-page app may respond there instead.`,
    spec: purpose.spec,
    status: response.status,
  })
}
