import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { dpopKey } from '../features/dpop/dpop-proof.fixture.js'
import { isPlainTarget } from '../http/request-target.js'
import { senderNetworks } from '../limits/sender-address.js'
import { toNodeGuard, toNodeHandler } from '../node.js'
import { growthOf, LIMIT } from './cost.fixture.js'
import { fuzzServer, type FuzzServer } from './fuzz/fuzz-server.fixture.js'
import { watchSlowText, type SlowText } from './fuzz/slow-text.fixture.js'
import { asPage, authorizePath, json, testBrowser } from './test-browser.fixture.js'
import { WEB } from './test-requests.fixture.js'
import { ISSUER } from './test-server.fixture.js'

/** Text of so many bytes in UTF-8 whose cost grows with the square of it in `normalize`, or in a host. */
const TEXTS: Readonly<Record<string, (bytes: number) => string>> = {
  'combining marks': (bytes) => `a${'\u0301'.repeat(bytes / 4)}${'\u0323'.repeat(bytes / 4)}`,
  'alternating combining marks': (bytes) => `a${'\u0301\u0323'.repeat(bytes / 4)}`,
  'letters that are several': (bytes) => '\uFDFA'.repeat(bytes / 3),
  syllables: (bytes) => '\uAC01'.repeat(bytes / 3),
  'a host beyond ASCII': (bytes) => `http://${ideographs(bytes / 3)}/`,
}
const LARGE = 30_000

function ideographs(count: number): string {
  return Array.from({ length: count }, (_, index) => String.fromCharCode(0x4e_00 + ((index * 7919) % 20_000))).join('')
}

let world: FuzzServer
beforeAll(async () => {
  world = await fuzzServer()
})

const form = (path: string, fields: readonly (readonly [string, string])[], headers = {}): Request =>
  new Request(ISSUER + path, {
    method: 'POST',
    body: fields.map(([name, value]) => `${name}=${value}`).join('&'),
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
const client = Object.entries(WEB).map(([name, value]) => [name, encodeURIComponent(value)] as const)

/** The sign-in page's form, of a browser that opens it now. */
async function signInForm(fields: readonly (readonly [string, string])[]): Promise<Request> {
  const browser = testBrowser(world.server)
  const { text } = await asPage(await browser.get(authorizePath()))
  const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? ''
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return form(authorizePath().slice('/oauth'.length), [['csrf', csrf], ['action', 'sign-in'], ['password', 'x'], ...fields], {
    cookie,
  })
}

/** Requests that have text of others in a place where it is compared, normalized or parsed. */
const REQUESTS: Readonly<Record<string, (text: string) => Request | Promise<Request>>> = {
  'a user name in the sign-in form': (text) => signInForm([['username', text]]),
  'several user names in the sign-in form': (text) =>
    signInForm(['username', 'email', 'login', 'user'].map((name) => [name, text.slice(0, text.length / 4)])),
  'a user name in the password grant': (text) =>
    form('/token', [...client, ['grant_type', 'password'], ['scope', 'openid'], ['password', 'x'], ['username', text]]),
  'a login hint of CIBA': (text) => form('/backchannel_authentication', [...client, ['scope', 'openid'], ['login_hint', text]]),
  'a redirect URI': (text) =>
    form('/authorize', [
      ['client_id', 'native'],
      ['response_type', 'code'],
      ['redirect_uri', text],
    ]),
  'a pushed redirect URI': (text) =>
    form('/par', [
      ['client_id', 'native'],
      ['response_type', 'code'],
      ['redirect_uri', text],
    ]),
  'a resource': (text) => form('/token', [...client, ['grant_type', 'client_credentials'], ['resource', text]]),
  'a request URI': (text) =>
    form('/authorize', [
      ['client_id', 'spa'],
      ['request_uri', text],
    ]),
  'a return URI': (text) =>
    form('/end-session', [
      ['client_id', 'spa'],
      ['post_logout_redirect_uri', text],
    ]),
  'a login hint': (text) => form('/authorize', [...new URLSearchParams(authorizePath().split('?')[1]), ['login_hint', text]]),
}

function watch(): SlowText {
  const watched = watchSlowText()
  onTestFinished(() => watched.stop())
  return watched
}

/** Text that `normalize` and the URL parser need much longer for than for as many other characters. */
describe('long text beyond ASCII', () => {
  it.each(Object.keys(REQUESTS))('costs no more than its size as %s', async (name) => {
    const create = REQUESTS[name] ?? (() => new Request(ISSUER))
    const slow = watch()
    for (const [shape, fill] of Object.entries(TEXTS)) {
      await world.server.fetch(await create(fill(LARGE)))
      expect(slow.found.splice(0), shape).toEqual([])
    }
    // One measurement shows that nothing else is slow; the other texts are like it.
    const fill = TEXTS[name.includes('URI') || name === 'a resource' ? 'a host beyond ASCII' : 'combining marks'] ?? String
    expect(await growthOf(world.server, (bytes) => create(fill(bytes)))).toBeLessThan(LIMIT)
  })

  it('is not parsed as the URL of a DPoP proof', async () => {
    const key = await dpopKey(world.clock)
    const slow = watch()
    const dpop = await key.proof({ htu: `http://${ideographs(2000)}/` })
    const fields = [['client_id', 'spa'] as const, ['grant_type', 'refresh_token'] as const, ['refresh_token', 'x'] as const]
    const response = await world.server.fetch(form('/token', fields, { dpop }))
    expect([response.status, (await json(response))['error']]).toEqual([400, 'invalid_dpop_proof'])
    expect(slow.found).toEqual([])
  })

  it.each(['jwks_uri', 'request_uris', 'backchannel_logout_uri', 'frontchannel_logout_uri', 'redirect_uris'])(
    'is refused as %s of a client that registers',
    async (member) => {
      const uri = `https://${ideographs(1900)}/`
      const metadata = { redirect_uris: ['https://x.example/'], [member]: member.endsWith('s') ? [uri] : uri }
      const slow = watch()
      const headers = { 'content-type': 'application/json' }
      const response = await world.server.fetch(
        new Request(`${ISSUER}/register`, { method: 'POST', body: JSON.stringify(metadata), headers }),
      )
      expect([response.status, slow.found]).toEqual([400, []])
    },
  )

  it.each(['toNodeHandler', 'toNodeGuard'] as const)('is not parsed as the host of a request to %s()', async (name) => {
    const [handle, guard] = [toNodeHandler(world.server), toNodeGuard(world.server)]
    const listener: RequestListener = (request, response) => void (name === 'toNodeGuard' ? guard : handle)(request, response)
    const slow = watch()
    const host = `Host: ${'\u00E9\u00E8'.repeat(5000)}`
    expect(await statusOf(listener, `GET /oauth/jwks HTTP/1.1\r\n${host}`)).toBe(400)
    expect(slow.found).toEqual([])
  })

  it('is not parsed as the target of a request', () => {
    const slow = watch()
    expect(isPlainTarget(`/\\${'\u00E9\u00E8'.repeat(5000)}/oauth/jwks`)).toBe(false)
    expect(slow.found).toEqual([])
  })

  it('is not parsed as an address that a proxy has passed on', () => {
    const slow = watch()
    const headers = { 'x-forwarded-for': `a@${'\u00E9\u00E8'.repeat(5000)}` }
    const limits = { attempts: 10, longestDelay: 1, attemptsPerAddress: 1, proxies: 1, addressOf: undefined }
    expect(senderNetworks(new Request(ISSUER, { headers }), {}, limits)).toHaveLength(1)
    expect(slow.found).toEqual([])
  })
})

/** Sends a request with any bytes, each of which is one character. */
async function statusOf(listener: RequestListener, head: string): Promise<number> {
  const host = createServer(listener).listen(0, '127.0.0.1')
  onTestFinished(() => void host.close())
  await once(host, 'listening')
  const socket = connect((host.address() as AddressInfo).port, '127.0.0.1')
  socket.end(Buffer.from(`${head}\r\nConnection: close\r\n\r\n`, 'latin1'))
  const [data] = await once(socket, 'data')
  return Number(String(data).split(' ')[1])
}
