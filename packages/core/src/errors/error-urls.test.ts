import { describe, expect, it } from 'vitest'
import { createClientBench } from '../client/client.fixture.js'
import { deviceAuthorization } from '../grants.js'
import { issuer } from '../protocol/test-server.fixture.js'
import type { OAuthClientError } from './errors.js'

const failure = async (work: Promise<unknown>): Promise<OAuthClientError> =>
  work.then(
    () => expect.unreachable(),
    (error: unknown) => error as OAuthClientError,
  )

// Apps show these as links.
const hostile = [
  'javascript:alert(1)',
  ' javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'file:///etc/passwd',
  '/relative',
  'blob:https://app.example/1',
]

describe('a URL that a server says', () => {
  it.each(hostile)('"%j" is not handed on as "errorUri"', async (uri) => {
    const { client, server } = await createClientBench(
      {},
      { answer: { code: undefined, error: 'access_denied', error_uri: uri } },
    )
    expect(await failure(client.login())).toMatchObject({ error: 'access_denied', errorUri: undefined })
    const other = await createClientBench()
    other.server.faults = {
      respond: ({ url }) =>
        url.endsWith('/token') ? Response.json({ error: 'invalid_request', error_uri: uri }, { status: 400 }) : undefined,
    }
    expect((await failure(other.client.login())).errorUri).toBeUndefined()
    expect(server.log).not.toContain('POST /token')
  })

  it.each(['https://docs.example/errors#denied', 'http://localhost:8080/errors'])('%s is handed on', async (uri) => {
    const { client } = await createClientBench({}, { answer: { code: undefined, error: 'access_denied', error_uri: uri } })
    expect((await failure(client.login())).errorUri).toBe(uri)
  })

  it.each(hostile)('"%j" is refused as the address for a device sign-in', async (uri) => {
    const { client, server } = await createClientBench()
    const answer = { device_code: 'd', user_code: 'ABCD', verification_uri: 'https://server.example/device', expires_in: 600 }
    const respond = (body: object): void => {
      server.faults = {
        metadata: { device_authorization_endpoint: `${issuer}/device` },
        respond: ({ url }) => (url.endsWith('/device') ? Response.json(body) : undefined),
      }
    }
    respond({ ...answer, verification_uri: uri })
    expect(await failure(deviceAuthorization(client))).toMatchObject({ code: 'invalid_response' })
    respond({ ...answer, verification_uri_complete: uri })
    expect(await deviceAuthorization(client)).toMatchObject({
      verificationUri: answer.verification_uri,
      verificationUriComplete: undefined,
    })
  })
})
