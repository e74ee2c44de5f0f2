import { createOAuth1Client, type Credentials, type SignatureMethodName } from '@latchkey/oauth1'
import { memory } from '@latchkey/core'
import { DEFAULT_USERS as users } from '@latchkey/vite'
import { afterEach, expect, it, vi } from 'vitest'
import { createDemoProvider } from '../../server/oauth1-provider.js'
import { handlePhotoRequest } from '../../server/photo-api.js'
import { clientOptions, placements, type Settings, signatureMethods } from './settings.js'
import { tamper, type TamperingName, tamperings } from './tamperings.js'

const ORIGIN = 'http://127.0.0.1:5173'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

const EMPTY_STORAGE = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined }

const algorithm = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-1' }
const rsa = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])

/** Signs in and allows the access, as a user does. @returns the code of the last page */
async function allow(send: typeof fetch, url: URL): Promise<string> {
  const first = await send(url)
  const cookies = first.headers.getSetCookie().map((line) => line.split(';', 1).join())
  let page = await first.text()
  for (const button of [{ action: 'sign-in', user: 'ada' }, { action: 'consent' }]) {
    const action = /<form method="post" action="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const init = { method: 'POST', headers: { cookie: cookies.join('; ') }, body: new URLSearchParams({ csrf, ...button }) }
    const response = await send(new URL(action, url), init)
    cookies.push(...response.headers.getSetCookie().map((line) => line.split(';', 1).join()))
    page = await response.text()
  }
  return /id="verifier">(\w+)</.exec(page)?.[1] ?? expect.fail('no verifier')
}

/** The playground's provider and API in this process, and the token of a user who has allowed the access. */
async function connect(settings: Settings): Promise<Credentials> {
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', rsa.privateKey)).toString('base64')
  const rsaPublicKey = (await crypto.subtle.exportKey('jwk', rsa.publicKey)) as { kty: string }
  const server = createDemoProvider(ORIGIN, { users, rsaPublicKey })
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    return server.handles(new URL(request.url)) ? server.fetch(request) : handlePhotoRequest(request, server, users)
  }
  vi.stubEnv('OAUTH1_KEY', `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`)
  vi.stubGlobal('localStorage', EMPTY_STORAGE)
  vi.stubGlobal('sessionStorage', EMPTY_STORAGE)
  vi.stubGlobal('location', { origin: ORIGIN })
  vi.stubGlobal('fetch', send)
  const client = createOAuth1Client({ ...clientOptions(settings), callbackUrl: 'oob', storage: memory(), fetch: send })
  const temporary = await client.temporaryCredentials()
  const verifier = await allow(send, client.authorizationUrl(temporary))
  const { accessToken, response } = await client.tokenCredentials(temporary, verifier)
  return { token: accessToken, tokenSecret: String(response['oauth_token_secret']) }
}

const METHODS = signatureMethods.map(({ value }) => value)
/** Each method and each placement. All combinations run in `test/engines`. */
const COMBINATIONS = [
  ...METHODS.map((method) => [method, 'header'] as const),
  ...placements.slice(1).map(({ value }) => ['HMAC-SHA1', value] as const),
]

/** PLAINTEXT signs nothing of the request. */
const UNSIGNED: readonly TamperingName[] = ['method', 'host', 'port', 'path', 'query', 'form', 'nonce']

/** What happens with a part that PLAINTEXT does not sign. */
function isAccepted(name: TamperingName, method: SignatureMethodName): boolean {
  return method === 'PLAINTEXT' && UNSIGNED.includes(name)
}

it('offers every signature method of the client', () => {
  expect(METHODS).toEqual(['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'])
})

it.each(COMBINATIONS)(
  'each part of a request can be tampered with, and is marked: %s, %s',
  async (signatureMethod, placement) => {
    const settings = { signatureMethod, placement }
    const token = await connect(settings)
    for (const name of Object.keys(tamperings) as TamperingName[]) {
      const { sent, mark } = await tamper(name, settings, token)
      expect([name, sent.status < 400]).toEqual([name, isAccepted(name, signatureMethod)])
      const { base } = sent.request
      const shown = ['method', 'uri', 'oauth_signature', ...base.parameters.map(([part]) => decodeURIComponent(part))]
      expect(shown).toContain(mark.part)
    }
  },
)

it('has a tampering for each part of the base string', async () => {
  const settings = { signatureMethod: 'HMAC-SHA1', placement: 'header' } as const
  const { sent } = await tamper('form', settings, await connect(settings))
  const parts = new Set<string>(Object.values(tamperings).map(({ part }) => part))
  const names = sent.request.base.parameters.map(([name]) => name)
  expect(['method', 'uri', 'oauth_signature', ...names].filter((name) => !parts.has(name))).toEqual([])
})
