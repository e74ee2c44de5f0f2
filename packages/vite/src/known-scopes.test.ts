import { createLogger } from 'vite'
import { describe, expect, it } from 'vitest'
import { watchScopes } from './known-scopes.js'
import type { LatchkeyOptions } from './latchkey-options.js'

function warningsFor(scopes: readonly string[], options: LatchkeyOptions = {}): readonly string[] {
  const lines: string[] = []
  const watch = watchScopes(options, { ...createLogger('silent'), warn: (line: string) => void lines.push(line) })
  for (const scope of scopes) watch(`/oauth/authorize?${new URLSearchParams({ response_type: 'code', scope }).toString()}`)
  return lines
}

describe('watchScopes()', () => {
  it('warns once of each requested scope that the server does not know', () => {
    const lines = warningsFor(['openid orders.read', 'openid orders.read', 'openid profiles'])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/"orders\.read".*leaves out\. Add it to "server\.scopes"\.$/)
    expect(lines[1]).toMatch(/"profiles".*Did you mean "profile"\?$/)
  })

  it('knows the scopes of the server, of grants and of clients', () => {
    const clients = [{ clientId: 'app', scope: 'openid orders.read' }]
    expect(warningsFor(['openid profile offline_access admin'])).toEqual([])
    expect(warningsFor(['openid orders.read'], { clients })).toEqual([])
    expect(warningsFor(['openid anything'], { server: { scopes: ['openid', 'anything'] } })).toEqual([])
  })

  it('does not warn if the server ignores the parameter, or the request is invalid', () => {
    expect(warningsFor(['anything'], { server: { scopes: [] } })).toEqual([])
    const lines: string[] = []
    watchScopes({}, { ...createLogger('silent'), warn: (line: string) => void lines.push(line) })('/oauth/jwks?scope=anything')
    expect(lines).toEqual([])
  })

  it('prints neither many names nor control characters', () => {
    const many = Array.from({ length: 50 }, (_, index) => `scope-${index}`)
    expect(warningsFor([many.join(' ')])).toHaveLength(10)
    expect(warningsFor(['openid a\u0007b', `openid ${'x'.repeat(100)}`])).toEqual([])
  })
})
