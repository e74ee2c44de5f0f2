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
  if (!/^\s*[\w.-]+=/.test(text)) return response
  const { expires, ...members } = Object.fromEntries(new URLSearchParams(text))
  return jsonResponse({ token_type: 'Bearer', expires_in: expires, ...members }, response)
}

/** Adds the `token_type` that some servers omit. */
export const bearerTokenType: ResponseHook = (response) =>
  mapJson(response, (body) => ('error' in body ? body : { token_type: 'Bearer', ...body }))

/** Creates a hook that changes the members of a token response; an error is passed on as it is. */
export function adaptedTokenResponse(
  change: (body: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): ResponseHook {
  return (response) => mapJson(response, (body) => ('error' in body ? body : change(body)))
}

/** Writes the granted scope as the specification does, where a server sends a list or separates it by commas. */
export const spaceSeparatedScope: ResponseHook = adaptedTokenResponse((body) => ({ ...body, scope: withSpaces(body['scope']) }))

/** @param scope as a list, or separated by commas or spaces */
export function withSpaces(scope: unknown): string | undefined {
  const words = Array.isArray(scope) ? scope : [scope]
  const all = words.filter((word) => typeof word === 'string').flatMap((word) => word.split(/[\s,]+/))
  return all.filter(Boolean).join(' ') || undefined
}

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

/**
 * Limits a hook to the provider's API: the token of a session may also be for APIs of the app, which expect the request as it is.
 *
 * @param api the start of its URLs, with a slash after the host
 */
export function onlyAt(api: string, hook: (request: Request) => Request | Promise<Request>): typeof hook {
  return (request) => (request.url.startsWith(api) ? hook(request) : request)
}

/** Changes a JSON object in the body of a response. Another body is passed on. */
export async function mapJson(
  response: Response,
  change: (body: Readonly<Record<string, unknown>>) => object,
): Promise<Response> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined)
  return isRecord(body) ? jsonResponse(change(body), response) : response
}

function jsonResponse(body: object, { status, headers }: Response): Response {
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding']) kept.delete(name)

  kept.set('content-type', 'application/json')
  return new Response(JSON.stringify(body), { status, headers: kept })
}
