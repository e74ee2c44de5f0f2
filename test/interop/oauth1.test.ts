import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { generateKeyPairSync } from 'node:crypto'
import { memory } from '@latchkey/core'
import { createOAuth1Client } from '@latchkey/oauth1'
import { userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { createOAuth1Server, type OAuth1Server } from '@latchkey/server/oauth1'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A script that runs. */
interface Script {
  readonly next: (input?: string) => Promise<Readonly<Record<string, unknown>>>
  readonly stop: () => void
}

const METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'] as const
const PLACEMENTS = ['header', 'body', 'query'] as const
const SECRET = 's&cret ä'

/** Debian's own Python has the packages; another one in front of it may not. */
function findPython(module: string): string | undefined {
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`
  return ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', find]).status === 0)
}

const pythons = {
  authlib: findPython('authlib.oauth1'),
  oauthlib: findPython('oauthlib.oauth1'),
  requests_oauthlib: findPython('requests_oauthlib'),
}
for (const [name, python] of Object.entries(pythons))
  if (!python) console.warn(`skipped: no Python has ${name} (Debian: python3-${name})`)

/** Authlib has HMAC-SHA1, RSA-SHA1 and PLAINTEXT only. */
const knows = (library: string, method: string): boolean => library !== 'authlib' || !method.endsWith('SHA256')

/** Authlib's client repeats the parameters in a body or query, which RFC 5849, section 3.1 forbids: both servers refuse them. */
const placementsOf = (library: string): ReadonlyArray<(typeof PLACEMENTS)[number]> =>
  library === 'authlib' ? ['header'] : PLACEMENTS

const pair = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

/** Starts a script, which ends with its input, and returns a function that writes a line to it, if any, and returns its next line. */
function start(python: string, script: string, args: readonly string[] = []): Script {
  const child = spawn(python, [fileURLToPath(new URL(`python/${script}`, import.meta.url)), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Authlib refuses http on loopback without it.
    env: { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    async next(input) {
      if (input !== undefined) child.stdin.write(`${input}\n`)
      const { value } = await lines.next()
      return JSON.parse((value as string | undefined) ?? '{"error":"the script has ended"}') as Record<string, unknown>
    },
    stop: () => void child.kill(),
  }
}

describe('a client of another project with our server', () => {
  const http = createServer()
  let url: string
  let server: OAuth1Server

  beforeAll(async () => {
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const address = http.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
    url = `${origin}/oauth`
    server = createOAuth1Server({
      url,
      clients: [{ clientId: 'photos', clientSecret: SECRET, rsaPublicKey: pair.publicKey }],
      signatureMethods: METHODS,
      site: userSite({ users: [{ sub: 'alice' }] }),
    })
    const handle = toNodeHandler({
      fetch: async (request: Request) => {
        if (server.handles(new URL(request.url))) return server.fetch(request)
        const verified = await server.verifyRequest(request)
        return verified.ok ? Response.json({ user: verified.userId, form: await request.text() }) : verified.response
      },
    })
    http.on('request', (request, response) => void handle(request, response))
  })

  afterAll(() => {
    http.closeAllConnections()
    http.close()
  })

  for (const library of ['authlib', 'requests_oauthlib'] as const) {
    describe.skipIf(!pythons[library])(library, () => {
      let script: Script
      beforeAll(() => void (script = start(pythons[library] ?? '', 'oauth1_client.py')))
      afterAll(() => script.stop())

      for (const method of METHODS.filter((each) => knows(library, each))) {
        for (const placement of placementsOf(library)) {
          it(`${library}, ${method} in the ${placement}`, async () => {
            const job = {
              library,
              url,
              api: url.replace('/oauth', '/photos'),
              method,
              placement,
              secret: SECRET,
              rsa_key: method.startsWith('RSA') ? pair.privateKey : null,
            }
            const temporary = await script.next(JSON.stringify(job))
            expect(temporary).toEqual({ oauth_token: expect.any(String) })
            const verifier = await verifierOf(`${url}/authorize?oauth_token=${String(temporary['oauth_token'])}`)
            expect(await script.next(verifier)).toMatchObject({ status: 200, body: { user: 'alice' } })
          })
        }
      }
    })
  }
})

/** Signs in and allows the access, as a browser would. */
async function verifierOf(address: string): Promise<string> {
  const jar = new Map<string, string>()
  const open = async (target: string, body?: URLSearchParams): Promise<Response> => {
    const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') }
    const response = await fetch(target, { headers, redirect: 'manual', ...(body && { method: 'POST', body }) })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';')[0]?.split('=') ?? []
      jar.set(name, value)
    }
    return response
  }
  const csrf = (page: string): string => /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''
  const signIn = await (await open(address)).text()
  const consent = await open(address, new URLSearchParams({ csrf: csrf(signIn), action: 'sign-in', user: 'alice' }))
  const allowed = await open(address, new URLSearchParams({ csrf: csrf(await consent.text()), action: 'consent' }))
  return new URL(allowed.headers.get('location') ?? '').searchParams.get('oauth_verifier') ?? ''
}

describe('our client with a server of another project', () => {
  for (const library of ['authlib', 'oauthlib'] as const) {
    describe.skipIf(!pythons[library])(library, () => {
      const methods = METHODS.filter((each) => knows(library, each))
      // oauthlib decodes the signature twice, so that its PLAINTEXT works with a secret of letters and digits only.
      const secretFor = (method: string): string =>
        method.startsWith('RSA') ? '' : method === 'PLAINTEXT' ? 'kd94hf93k423kf44' : SECRET
      let script: Script
      let ports: Readonly<Record<string, unknown>>
      beforeAll(async () => {
        const clientOf = (method: string): object => ({
          secret: secretFor(method),
          rsa_key: method.startsWith('RSA') ? pair.publicKey : null,
        })
        const clients = JSON.stringify(Object.fromEntries(methods.map((method) => [method, clientOf(method)])))
        script = start(pythons[library] ?? '', 'oauth1_server.py', [library, clients])
        ports = await script.next()
      })
      afterAll(() => script.stop())

      it.each(methods)(`${library}, %s in each place`, async (signatureMethod) => {
        const origin = `http://127.0.0.1:${String(ports[signatureMethod])}`
        for (const placement of PLACEMENTS) {
          const client = createOAuth1Client({
            consumerKey: 'photos',
            ...(signatureMethod.startsWith('RSA')
              ? { privateKey: pair.privateKey }
              : { consumerSecret: secretFor(signatureMethod) }),
            signatureMethod,
            placement,
            temporaryCredentialsUrl: `${origin}/initiate`,
            authorizationUrl: `${origin}/authorize`,
            tokenCredentialsUrl: `${origin}/token`,
            callbackUrl: 'https://app.example/ready',
            resources: [`${origin}/resource`],
            storage: memory(),
          })
          const temporary = await client.temporaryCredentials()
          const redirect = await fetch(client.authorizationUrl(temporary), { redirect: 'manual' })
          const callback = new URL(redirect.headers.get('location') ?? '')
          expect(callback.origin + callback.pathname).toBe('https://app.example/ready')
          await client.tokenCredentials(temporary, callback.searchParams.get('oauth_verifier') ?? '')
          const body = new URLSearchParams({ title: 'Ä & b', tag: '' })
          const response = await client.fetch(`${origin}/resource?size=big%20one&x=1&x=0&file=%C3%A4`, { method: 'POST', body })
          expect([placement, response.status, await response.text()]).toEqual([placement, 200, 'alice'])
        }
      })
    })
  }
})
