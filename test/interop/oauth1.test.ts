import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { generateKeyPairSync } from 'node:crypto'
import { memory } from '@latchkey/core'
import { createOAuth1Client } from '@latchkey/oauth1'
import { userSite } from '@latchkey/server'
import { toNodeHandler } from '@latchkey/server/node'
import { createOAuth1Server, type OAuth1Server } from '@latchkey/server/oauth1'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'

const METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256', 'PLAINTEXT'] as const
const PLACEMENTS = ['header', 'body', 'query'] as const
const SECRET = 's&cret ä'

/** Debian's own Python has the packages; another one in front of it may not. */
function findPython(module: string): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0)
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

function run(python: string, script: string, args: readonly string[] = []): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(python, [fileURLToPath(new URL(`python/${script}`, import.meta.url)), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Authlib refuses http on loopback without it.
    env: { ...process.env, AUTHLIB_INSECURE_TRANSPORT: '1' },
  })
  onTestFinished(() => void child.kill())
  return child
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
    for (const method of METHODS.filter((each) => knows(library, each))) {
      for (const placement of placementsOf(library)) {
        it.skipIf(!pythons[library])(`${library}, ${method} in the ${placement}`, async () => {
          const child = run(pythons[library] ?? '', 'oauth1_client.py')
          const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
          const next = async (): Promise<Record<string, unknown>> =>
            JSON.parse(((await lines.next()).value as string | undefined) ?? '{}') as Record<string, unknown>
          const isRsa = method.startsWith('RSA')
          const job = {
            library,
            url,
            api: url.replace('/oauth', '/photos'),
            method,
            placement,
            secret: SECRET,
            rsa_key: isRsa ? pair.privateKey : null,
          }
          child.stdin.write(`${JSON.stringify(job)}\n`)
          const { oauth_token: token } = await next()
          child.stdin.write(`${await verifierOf(`${url}/authorize?oauth_token=${String(token)}`)}\n`)
          expect(await next()).toMatchObject({ status: 200, body: { user: 'alice' } })
        })
      }
    }
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
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oauth1-'))
    await writeFile(join(folder, 'public.pem'), pair.publicKey)
  })
  afterAll(() => rm(folder, { recursive: true }))

  for (const library of ['authlib', 'oauthlib'] as const) {
    for (const signatureMethod of METHODS.filter((each) => knows(library, each))) {
      it.skipIf(!pythons[library])(`${library}, ${signatureMethod} in each place`, async () => {
        const isRsa = signatureMethod.startsWith('RSA')
        // oauthlib decodes the signature twice, so that its PLAINTEXT works with a secret of letters and digits only.
        const secret = signatureMethod === 'PLAINTEXT' ? 'kd94hf93k423kf44' : SECRET
        const child = run(pythons[library] ?? '', 'oauth1_server.py', [
          library,
          signatureMethod,
          isRsa ? '' : secret,
          isRsa ? join(folder, 'public.pem') : '',
        ])
        const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
        const origin = `http://127.0.0.1:${port}`
        for (const placement of PLACEMENTS) {
          const client = createOAuth1Client({
            consumerKey: 'photos',
            ...(isRsa ? { privateKey: pair.privateKey } : { consumerSecret: secret }),
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
    }
  }
})
