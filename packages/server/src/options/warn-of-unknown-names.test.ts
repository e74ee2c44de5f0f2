import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { toNodeGuard } from '../adapters/node-guards.js'
import { toHonoGuard } from '../adapters/hono.js'
import { device } from '../features/device/device.js'
import { SPA, testServer } from '../server/test-server.fixture.js'
import { clientCredentials } from '../token/grants/client-credentials.js'

function watchWarnings(): readonly unknown[][] {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  onTestFinished(() => warn.mockRestore())
  return warn.mock.calls
}

describe('a name that the server does not have', () => {
  it('is reported once for all clients, when the server is made', async () => {
    const warnings = watchWarnings()
    const clients = [
      { ...SPA, scope: 'openid profle', grantTypes: ['authorization_code', 'device_code'] },
      { ...SPA, clientId: 'b', scope: 'orders:raed' },
    ]
    const { server } = await testServer({ clients })
    expect(warnings).toHaveLength(1)
    const text = String(warnings[0])
    for (const part of [
      '"scope" of "spa" has "profle"',
      '"grantTypes" of "spa" has "device_code"',
      '"scope" of "b" has "orders:raed"',
    ])
      expect(text).toContain(part)
    expect(text).not.toContain('"openid"')
    await server.fetch(new Request(`${server.issuer}/jwks`))
    expect(warnings).toHaveLength(1)
  })

  it('is reported for the scope of a guard, when the guard is made', async () => {
    const warnings = watchWarnings()
    const { server } = await testServer()
    toNodeGuard(server, { scope: 'openid nosuch' })
    for (let count = 0; count < 2; count += 1) toHonoGuard(server, { scope: 'other' })
    expect(warnings.map(String)).toEqual([expect.stringContaining('"nosuch"'), expect.stringContaining('"other"')])
  })

  it('is not one that a grant, a feature or a scope policy has', async () => {
    const warnings = watchWarnings()
    const clients = [
      { ...SPA, scope: 'openid jobs', grantTypes: ['client_credentials', 'urn:ietf:params:oauth:grant-type:device_code'] },
    ]
    const grants = [clientCredentials({ scopes: ['jobs'] })]
    const { server } = await testServer({ clients, grants, features: [device()] })
    toNodeGuard(server, { scope: 'jobs' })
    const policy = await testServer({ scopePolicy: (scope) => [...scope, 'special'] })
    toNodeGuard(policy.server, { scope: 'special' })
    expect(warnings).toEqual([])
  })
})
