import { isRecord } from '../platform/is-record.js'
import type { ProtocolContext } from './protocol-context.js'
import type { Purpose } from './purpose.js'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Reads the JSON object of a usual response, or has any other read by {@link readJsonObject}.
 *
 * @param secrets values that were sent and must not come back in a message
 * @throws as `readJsonObject`
 */
export async function readUsualJson(
  { load }: Pick<ProtocolContext, 'load'>,
  response: Response,
  purpose: Purpose,
  secrets?: readonly string[],
): Promise<JsonObject> {
  const body = await parseBody(response.clone())
  const type = response.headers.get('content-type') ?? ''
  const isUsual = response.ok && (body?.['error'] ?? '') === '' && (purpose.mediaType?.test(type) ?? true)
  if (body && isUsual) return body
  const failures = await (await load()).failures()
  return failures.readJsonObject(response, purpose, secrets)
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
