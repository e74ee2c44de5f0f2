import type { TestServer } from '../protocol/test-server.fixture.js'

/** What a rotating server saw of refresh requests, in order. */
export type RefreshLog = Array<Readonly<Record<string, string>>>

/** Replaces the response to a refresh request; undefined: the usual one. */
export type AnswerRefresh = (body: URLSearchParams) => Response | undefined | Promise<Response | undefined>

/**
 * Makes the server rotate refresh tokens from the next refresh on and refuse those that were used, as RFC 9700, section 4.14.2 has it.
 *
 * @returns the refresh requests
 */
export function rotate(server: TestServer, answer: AnswerRefresh = () => undefined): RefreshLog {
  const log: RefreshLog = []
  let good = 'refresh-token-2'
  const former = server.faults.respond
  server.faults = {
    ...server.faults,
    respond: async (request) => {
      if (new URL(request.url).pathname !== '/token') return former?.(request)
      const body = new URLSearchParams(await request.clone().text())
      if (body.get('grant_type') !== 'refresh_token') return undefined
      log.push(Object.fromEntries(body))
      const other = await answer(body)
      if (other) return other
      if (body.get('refresh_token') !== good) return Response.json({ error: 'invalid_grant' }, { status: 400 })
      const n = log.length + 2
      good = `refresh-token-${n}`
      const scope = body.get('scope') ?? 'openid profile'
      return Response.json({ access_token: `access-${n}`, token_type: 'Bearer', expires_in: 300, refresh_token: good, scope })
    },
  }
  return log
}
