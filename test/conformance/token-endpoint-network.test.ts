// Network failures at the token endpoint, over real sockets.
import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listen, type Loopback } from '../harness/loopback.js'
import { expectRefused } from './relying-party.js'
import { issuer } from './test-provider.js'

describe('token endpoint with network failures', () => {
  let host: Loopback
  beforeEach(async () => {
    host = await listen()
  })
  afterEach(() => host.close())

  /** The provider is correct, but the listener handles its token endpoint. */
  function served(listener: RequestListener, timeout = 60): Parameters<typeof expectRefused>[0] {
    host.serve(listener)
    const tokenEndpoint = `http://127.0.0.1:${host.port}/token`
    const token = (): Promise<Response> => Promise.reject(new Error('The real endpoint must not be called.'))
    return {
      faults: { metadata: (right) => ({ ...right, issuer, token_endpoint: tokenEndpoint }), token },
      options: { timeout },
      through: (input, init) => fetch(input, init),
    }
  }

  it('ends in "network" when the connection is reset', async () => {
    const error = await expectRefused(
      served((request) => request.socket.destroy()),
      'network',
    )
    expect(error.retryable).toBe(true)
  })

  it('ends in "network" when the response is truncated', async () => {
    await expectRefused(
      served((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
        response.write('{"access_token":', () => response.destroy())
      }),
      'network',
    )
  })

  it('ends in "timeout" when the response is sent too slowly', async () => {
    let drip: ReturnType<typeof setInterval> | undefined
    const error = await expectRefused(
      served((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        drip = setInterval(() => response.write(' '), 20)
      }, 0.2),
      'timeout',
    )
    clearInterval(drip)
    expect(error.retryable).toBe(true)
  })

  it('ends in "timeout" when there is no response', async () => {
    await expectRefused(
      served(() => undefined, 0.2),
      'timeout',
    )
  })

  it('does not send the code to the target of a redirect (invariant 5)', async () => {
    const paths: string[] = []
    await expectRefused(
      served((request, response) => {
        paths.push(request.url ?? '')
        response.writeHead(307, { location: '/elsewhere' }).end()
      }),
      'invalid_response',
    )
    expect(paths).toEqual(['/token'])
  })
})
