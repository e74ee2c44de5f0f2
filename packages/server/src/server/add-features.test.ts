import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { clientIdMetadata } from '../features/client-id-metadata/client-id-metadata.js'
import { ciba } from '../features/ciba/ciba.js'
import { decideBackchannelRequest } from '../features/ciba/decide-backchannel-request.js'
import { device } from '../features/device/device.js'
import { par } from '../features/par/par.js'
import { rar } from '../features/rar/rar.js'
import { registration } from '../features/registration/registration.js'
import { clientStore } from '../storage/client-store.js'
import { memoryStore } from '../storage/memory-store.js'
import { ISSUER, testServer } from './test-server.fixture.js'

type Options = Parameters<typeof testServer>[0]

async function metadataOf(options: Options): Promise<Record<string, unknown>> {
  const { server } = await testServer(options)
  const response = await server.fetch(new Request(`${ISSUER}/.well-known/oauth-authorization-server`))
  const metadata: Record<string, unknown> = await response.json()
  return metadata
}

/** A mark of each optional feature: a member of its metadata, which is also a string in its code. */
const MARKS = [
  'backchannel_authentication_endpoint',
  'device_authorization_endpoint',
  'registration_endpoint',
  'client_id_metadata_document_supported',
  'authorization_details_types_supported',
]

describe('optional features', () => {
  it('are in the metadata only if they are added', async () => {
    const features = [
      ciba(),
      clientIdMetadata(),
      device(),
      registration(),
      rar({ types: { payment: { check: () => undefined } } }),
    ]
    expect(Object.keys(await metadataOf({ features, clients: clientStore(memoryStore()) }))).toEqual(
      expect.arrayContaining(MARKS),
    )
    for (const mark of MARKS) expect(await metadataOf({})).not.toHaveProperty(mark)
  })

  it('are in the bundle only if they are imported', async () => {
    const entry = fileURLToPath(new URL('../index.ts', import.meta.url))
    const output = await build({
      configFile: false,
      logLevel: 'silent',
      build: { lib: { entry, formats: ['es'] }, write: false, minify: false, rolldownOptions: { external: /^[^./]/ } },
    })
    const text = JSON.stringify(output)
    expect(text).toContain('pushed_authorization_request_endpoint')
    for (const mark of MARKS) expect(text).not.toContain(mark)
  })

  it('can be added once', async () => {
    await expect(testServer({ features: [device(), device()] })).rejects.toThrow('"device" is added twice')
  })
})

describe('standard features', () => {
  it('are in every server, and can be replaced to set their options', async () => {
    const name = 'require_pushed_authorization_requests'
    expect(await metadataOf({})).toHaveProperty(name, false)
    expect(await metadataOf({ features: [par({ required: true })] })).toHaveProperty(name, true)
  })
})

describe('decideBackchannelRequest()', () => {
  it('needs a server of this package', async () => {
    const { server } = await testServer({ features: [ciba()] })
    expect(await decideBackchannelRequest(server, 'unknown', undefined)).toBe(false)
    await expect(decideBackchannelRequest({ ...server }, 'unknown', undefined)).rejects.toThrow('createAuthorizationServer')
  })
})
