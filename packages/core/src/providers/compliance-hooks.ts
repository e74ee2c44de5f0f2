import { copyRequestTo } from '../platform/copy-request-to.js'
import { isRecord } from '../platform/is-record.js'
import type { ComplianceHooks } from '../protocol/compliance.js'

type ResponseHook = (response: Response) => Promise<Response>

/** Combines hooks. All run in the given order; the result of one is the input of the next. */
export function chainHooks(...all: readonly ComplianceHooks[]): ComplianceHooks {
  const names = new Set(all.flatMap((hooks) => Object.keys(hooks)))
  const chained = [...names].map((name) => [
    name,
    async (first: unknown): Promise<unknown> => {
      let value = first
      for (const hooks of all) {
        const hook: unknown = Reflect.get(hooks, name)
        value = typeof hook === 'function' ? await (hook as (value: unknown) => unknown)(value) : value
      }
      return value
    },
  ])
  return Object.fromEntries(chained) as ComplianceHooks
}

/** Reads a form-encoded token response, and `expires` as `expires_in`. */
export const formEncodedTokenResponse: ResponseHook = async (response) => {
  const text = await response.clone().text()
  if (text.trimStart().startsWith('{')) return response
  const { expires, ...members } = Object.fromEntries(new URLSearchParams(text))
  return jsonResponse({ token_type: 'Bearer', expires_in: expires, ...members }, response)
}

/** Adds the `token_type` that some servers omit. */
export const bearerTokenType: ResponseHook = (response) =>
  mapJson(response, (body) => ('error' in body ? body : { token_type: 'Bearer', ...body }))

/**
 * Renames the members of a UserInfo response to the standard claims.
 *
 * @param names claim to member, such as `{ sub: 'id', name: 'login' }`; a `sub` that is a number becomes text
 */
export function renamedClaims(names: Readonly<Record<string, string>>): ResponseHook {
  return (response) =>
    mapJson(response, (body) => {
      const claims = Object.entries(names).flatMap(([claim, member]) => {
        const value = body[member]
        return value === undefined || value === null
          ? []
          : [[claim, claim === 'sub' && typeof value === 'number' ? String(value) : value] as const]
      })
      return { ...body, ...Object.fromEntries(claims) }
    })
}

/** Adds a query parameter to every request. A streamed body is read whole before it is sent. */
export function withQueryParameter(name: string, value: string): (request: Request) => Promise<Request> {
  return (request) => {
    const url = new URL(request.url)
    url.searchParams.set(name, value)
    return copyRequestTo(request, url)
  }
}

async function mapJson(response: Response, change: (body: Readonly<Record<string, unknown>>) => object): Promise<Response> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return isRecord(body) ? jsonResponse(change(body), response) : response
}

function jsonResponse(body: object, { status, headers }: Response): Response {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding']) {
    kept.delete(name)
  }
  kept.set('content-type', 'application/json')
  return new Response(JSON.stringify(body), { status, headers: kept })
}
