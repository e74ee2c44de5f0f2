import { createError } from '../errors/create-error.js'
import { type JsonObject, parseBody } from './endpoint-request.js'
import type { Purpose } from './purpose.js'
import { refused, serverWords, unavailable } from './server-errors.js'

/**
 * Reads the JSON object of a successful response.
 *
 * @param secrets values that were sent and must not come back in a message
 * @throws NetworkError server_error, rate_limited; ServerError with the purpose's `refused` code or invalid_grant;
 *   ValidationError with the purpose's `invalid` code
 */
export async function readJsonObject(response: Response, purpose: Purpose, secrets: readonly string[] = []): Promise<JsonObject> {
  const { name, invalid, spec, mediaType, hook } = purpose
  const { status } = response
  const body = await parseBody(response)
  const words = serverWords((member) => body?.[member], secrets)
  if (status >= 500 || status === 429) throw unavailable(purpose, response, words)
  // Some servers return `error` with status 200.
  if (words.error !== undefined) throw refused(purpose, status, { ...words, error: words.error })

  if (!body || !response.ok) throw createError(invalid, ['unexpectedBody', name, response, !!body], { spec, status })
  const type = response.headers.get('content-type')
  if (mediaType && !mediaType.test(type ?? '')) throw createError(invalid, ['mediaType', name, type, hook], { spec, status })

  return body
}
