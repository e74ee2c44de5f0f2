import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import { refused, serverWords, unavailable } from './protocol-errors.js'
import type { Purpose } from './protocol-errors.js'

export type JsonObject = Readonly<Record<string, unknown>>

/** A JSON object, and nothing else that `typeof` calls an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * @param secrets what was sent and must not come back in a message
 * @returns the JSON object of a successful answer
 * @throws NetworkError server_error, rate_limited; ServerError with the purpose's `refused` code or invalid_grant;
 *   ValidationError with the purpose's `invalid` code
 */
export async function readJsonObject(response: Response, purpose: Purpose, secrets: readonly string[] = []): Promise<JsonObject> {
  const body = await parseBody(response)
  const words = serverWords((name) => body?.[name], secrets)
  if (response.status >= 500 || response.status === 429) {
    throw unavailable(purpose, response, words)
  }
  // Some servers say `error` with status 200. It is their word all the same.
  if (words.error !== undefined) {
    throw refused(purpose, response.status, { ...words, error: words.error })
  }
  if (!body || !response.ok) {
    throw notConform(response, purpose, body !== undefined)
  }
  if (purpose.mediaType && !purpose.mediaType.test(response.headers.get('content-type') ?? '')) {
    throw otherMediaType(response, purpose)
  }
  return body
}

function otherMediaType(response: Response, purpose: Purpose): OAuthClientError {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type'
  return createError(purpose.invalid, `${purpose.name} answered with JSON as ${type}: expected application/json`, {
    hint: 'Have the server send the right media type; for one that never will, put it right in the compliance hook "tokenResponse".',
    spec: purpose.spec,
    status: response.status,
  })
}

/** @returns undefined for a body that is no JSON object */
export async function parseBody(response: Response): Promise<JsonObject | undefined> {
  try {
    const body: unknown = JSON.parse(await response.text())
    return isJsonObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

function notConform(response: Response, purpose: Purpose, isJson: boolean): OAuthClientError {
  const type = response.headers.get('content-type')?.split(';')[0] ?? 'no content type'
  const what = isJson ? 'JSON that says neither result nor "error"' : `${type}, which is not a JSON object`
  return createError(purpose.invalid, `${purpose.name} answered with status ${response.status} and ${what}`, {
    hint: `Check that the URL is that of the ${purpose.name}; a proxy or a single-page app may be answering in its place.`,
    spec: purpose.spec,
    status: response.status,
  })
}
