// cspell:ignore refreshtoken divice passwrd
import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { recordOutput } from '../record-output.fixture.js'
import { openKeys } from './open-keys.js'
import { openStore } from './open-store.js'
import type { ServerOptions } from './server-options.js'
import { startServer } from './start-server.js'
import { redactorFor } from './store-location.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
})
afterEach(() => rm(folder, { recursive: true }))

const DEFAULTS: ServerOptions = { port: 0, host: '127.0.0.1', store: 'memory' }
const CLIENTS = `
- clientId: robot
  clientSecret: s3cret
- clientId: spa
  redirectUris: [https://app.example/]
`

async function writeOptions(more: Partial<ServerOptions> = {}): Promise<ServerOptions> {
  const [users, clients] = [join(folder, 'users.json'), join(folder, 'clients.yaml')]
  await writeFile(users, JSON.stringify([{ sub: 'alice' }]))
  await writeFile(clients, CLIENTS)
  return { ...DEFAULTS, users, clients, keys: await writeKeys(), ...more }
}

/** A key that is made fast. */
const PEM = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

async function writeKeys(): Promise<string> {
  const file = join(folder, 'signing.pem')
  await writeFile(file, PEM, { mode: 0o600 })
  return file
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => void server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

const requestToken = (issuer: string, secret = 's3cret'): Promise<Response> =>
  fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'email', client_id: 'robot', client_secret: secret }),
  })

describe('startServer()', () => {
  it('starts with a JSON and a YAML file, prints its issuer and serves requests', async () => {
    // covers C-093
    const output = recordOutput()
    const server = await startServer(await writeOptions(), output)
    expect(output.lines[0]).toBe(server.issuer)
    const metadata = await fetch(`${server.issuer}/.well-known/openid-configuration`)
    expect(await metadata.json()).toMatchObject({ issuer: server.issuer })
    expect((await requestToken(server.issuer)).status).toBe(200)
    await server.close()
  })

  it('reloads its files when they change and keeps the old settings when the new ones are invalid', async () => {
    const output = recordOutput()
    const options = await writeOptions()
    const server = await startServer(options, output)
    const until = async (pattern: RegExp): Promise<void> => {
      await expect.poll(() => output.lines.some((line) => pattern.test(line))).toBe(true)
    }
    await writeFile(options.clients ?? '', CLIENTS.replace('s3cret', 'other'))
    await until(/^Settings reloaded/)
    expect((await requestToken(server.issuer, 'other')).status).toBe(200)
    await writeFile(options.clients ?? '', '- {}')
    await until(/^error: Settings not reloaded: .*clientId/)
    await writeFile(options.clients ?? '', '')
    await until(/^error: Settings not reloaded: .*clients\.yaml: expected a list\. It is empty/)
    expect((await requestToken(server.issuer, 'other')).status).toBe(200)
    await server.close()
  })

  it('keeps its keys and tokens across a restart, the keys readable by their owner only', async () => {
    const keys = join(folder, 'keys.json')
    const options = await writeOptions({ keys, store: `sqlite:${join(folder, 'store.db')}` })
    const first = await startServer(options, recordOutput())
    const jwks = await (await fetch(`${first.issuer}/jwks`)).text()
    const { access_token: token = '' } = await (await requestToken(first.issuer)).json()
    await first.close()
    expect((await stat(keys)).mode & 0o077).toBe(0)
    const second = await startServer(options, recordOutput())
    expect(await (await fetch(`${second.issuer}/jwks`)).text()).toBe(jwks)
    const body = new URLSearchParams({ client_id: 'robot', client_secret: 's3cret', token })
    const introspection = await fetch(`${second.issuer}/introspect`, { method: 'POST', body })
    expect(await introspection.json()).toMatchObject({ active: true })
    await second.close()
  })

  it('needs a flag for an http issuer off loopback (RFC 9700, section 2.6)', async () => {
    const options = await writeOptions({ issuer: 'http://192.168.1.20:9000' })
    await expect(startServer(options, recordOutput())).rejects.toThrow(/^issuer: .*allow-insecure-http/)
    const server = await startServer({ ...options, allowInsecureHttp: true }, recordOutput())
    await server.close()
  })

  it('gives two servers that start at the same time with one key file the same keys', async () => {
    const keys = join(folder, 'keys.json')
    const read = await Promise.all([openKeys(keys), openKeys(keys)])
    expect(new Set(read.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(JSON.parse(await readFile(keys, 'utf8'))).toEqual({ keys: read[0] })
    expect((await stat(keys)).mode & 0o077).toBe(0)
    expect(await readdir(folder)).toEqual(['keys.json'])
  })

  it('accepts a form of another server with the same key file and store', async () => {
    const options = await writeOptions({ store: `sqlite:${join(folder, 'store.db')}`, issuer: 'https://id.example' })
    const send = async (init?: RequestInit): Promise<Response> => {
      const port = await findFreePort()
      const server = await startServer({ ...options, port }, recordOutput())
      const query = { client_id: 'spa', response_type: 'code', scope: 'email', state: 's', redirect_uri: 'https://app.example/' }
      const pkce = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' }
      const url = `http://127.0.0.1:${port}/authorize?${new URLSearchParams({ ...query, ...pkce }).toString()}`
      const response = await fetch(url, { redirect: 'manual', ...init })
      const text = await response.text()
      await server.close()
      return new Response(text, response)
    }
    const page = await send()
    const cookie = page.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const csrf = /name="csrf" value="([^"]*)"/.exec(await page.text())?.[1] ?? ''
    const form = { csrf, action: 'sign-in', user: 'alice' }
    const signedIn = await send({ method: 'POST', headers: { cookie }, body: new URLSearchParams(form) })
    // A user who is signed in sees the consent page or is redirected.
    expect(signedIn.headers.getSetCookie().length).toBeGreaterThan(0)
    const again = await send({
      headers: { cookie: [cookie, ...signedIn.headers.getSetCookie().map((line) => line.split(';')[0])].join('; ') },
    })
    expect(await again.text()).not.toContain('value="alice"')
  })

  it.each([
    ['keys', 'private keys'],
    ['config', 'passwords or secrets'],
    ['users', 'passwords or secrets'],
    ['clients', 'passwords or secrets'],
    ['database', 'tokens'],
  ])('says that other accounts can read a file with secrets: %s', async (name, contents) => {
    const [config, users, clients] = await Promise.all(
      ['oneClick: false', '[{ sub: a, password: p }]', CLIENTS].map(async (text, index) => {
        const file = join(folder, `settings-${index}.yaml`)
        await writeFile(file, text, { mode: 0o600 })
        return file
      }),
    )
    if (name === 'config') await writeFile(config ?? '', 'users: [{ sub: a, password: p }]')
    const database = join(folder, 'store.db')
    const options = { config, users, clients, keys: await writeKeys(), store: `sqlite:${database}` }
    const start = async (): Promise<readonly string[]> => {
      const output = recordOutput()
      const server = await startServer({ ...DEFAULTS, ...options, quiet: true }, output)
      await server.close()
      return output.lines.filter((line) => line.includes('Warning:'))
    }
    // What the server creates is private, and so is what the test has written.
    expect(await start()).toEqual([])
    const file = { ...options, database }[name as keyof typeof options] ?? ''
    const others = [
      [0o604, 'can read'],
      [0o620, 'can change'],
      [0o666, 'can read and change'],
    ] as const
    for (const [mode, access] of [[0o640, 'can read'] as const, ...(name === 'keys' ? others : [])]) {
      await chmod(file, mode)
      expect(await start()).toEqual([expect.stringMatching(new RegExp(`Warning: .*${access} .*contains ${contents}.*chmod 600`))])
    }
  })

  const warningsOf = async (options: Partial<ServerOptions>): Promise<readonly string[]> => {
    const output = recordOutput()
    const server = await startServer({ ...DEFAULTS, ...options, quiet: true }, output)
    await server.close()
    return output.lines.filter((line) => line.includes('Warning:'))
  }

  it.each([
    ['keys', 0o777, true],
    ['keys', 0o770, true],
    ['users', 0o777, true],
    ['clients', 0o757, true],
    ['config', 0o777, true],
    // Only owners can replace their files there.
    ['keys', 0o1777, false],
    ['keys', 0o755, false],
  ] as const)('says that other accounts can replace a file in their folder: %s, mode %d', async (name, mode, isOpen) => {
    const open = join(folder, 'open')
    // A folder above it is enough.
    await mkdir(join(open, 'closed'), { recursive: true, mode: 0o700 })
    const file = join(open, 'closed', 'file')
    await writeFile(file, { keys: PEM, users: '[{ sub: a }]', clients: CLIENTS, config: 'users: [{ sub: a }]' }[name], {
      mode: 0o600,
    })
    await chmod(open, mode)
    const expected = isOpen ? [expect.stringMatching(/Warning: .*can replace .*\/open\. Run: chmod go-w .*\/open$/)] : []
    const keys = await writeKeys()
    expect(await warningsOf({ keys, [name]: file })).toEqual(expected)
    const link = join(folder, 'link')
    await symlink(file, link)
    expect(await warningsOf({ keys, [name]: link })).toEqual(expected)
  })

  it.each([0o646, 0o664, 0o666])('says that other accounts can change a settings file without secrets: mode %d', async (mode) => {
    const users = join(folder, 'open.yaml')
    await writeFile(users, '[{ sub: a }]')
    await chmod(users, mode)
    expect(await warningsOf({ users, keys: await writeKeys() })).toEqual([
      expect.stringMatching(/Warning: other accounts can change .*open\.yaml, .*Run: chmod go-w /),
    ])
  })

  it('refuses a key file without keys, and a link to none, and says so', async () => {
    const keys = join(folder, 'none.json')
    await writeFile(keys, '{"keys":[]}')
    await expect(startServer({ ...DEFAULTS, keys }, recordOutput())).rejects.toThrow(
      '--keys: expected a JSON Web Key Set with at least one key',
    )
    const link = join(folder, 'dangling')
    await symlink(join(folder, 'missing'), link)
    await expect(startServer({ ...DEFAULTS, keys: link }, recordOutput())).rejects.toThrow(
      'is a link to a file that does not exist',
    )
  })

  it('says nothing about a settings file without secrets', async () => {
    const output = recordOutput()
    const users = join(folder, 'open.yaml')
    await writeFile(users, '[{ sub: a }]', { mode: 0o644 })
    const server = await startServer({ ...DEFAULTS, users, keys: await writeKeys() }, output)
    expect(output.lines).toEqual([server.issuer])
    await server.close()
  })

  it('believes "oneClick: false" of a settings file', async () => {
    const config = join(folder, 'config.yaml')
    await writeFile(config, 'users: [{ sub: a }]\noneClick: false')
    const output = recordOutput()
    const server = await startServer({ ...DEFAULTS, host: '0.0.0.0', config, keys: await writeKeys() }, output)
    expect(output.lines).toEqual([server.issuer])
    await server.close()
  })

  it.each([
    [{ users: 'missing.yaml' }, /^--users: cannot open missing\.yaml: the file does not exist/],
    [{ config: '/' }, /^--config: cannot open \/: this is a folder/],
    [{ keys: '/' }, /^--keys: cannot open \/: this is a folder/],
    [
      { keys: '/nonexistent/keys.json' },
      /^--keys: cannot open \/nonexistent\/keys\.json: the file does not exist, or its folder/,
    ],
    [{ store: 'sqlite:' }, /^--store: expected a file after "sqlite:"/],
    [{ store: 'memcached:' }, /^--store: expected a host after "memcached:"/],
    [{ host: 'nonexistent.invalid', issuer: 'https://id.example' }, /^--port: cannot listen on nonexistent\.invalid/],
  ])('names the option of a file or an address that cannot be used: %j', async (more, message) => {
    await expect(startServer({ ...DEFAULTS, keys: await writeKeys(), ...more }, recordOutput())).rejects.toThrow(message)
  })

  it('loses nothing if a file is not what its option expects', async () => {
    const file = join(folder, 'notes.txt')
    await writeFile(file, 'my notes')
    for (const more of [{ keys: file }, { store: `sqlite:${file}` }, { config: file }]) {
      await expect(startServer({ ...DEFAULTS, keys: await writeKeys(), ...more }, recordOutput())).rejects.toThrow(
        /^(--keys|--store|.*notes)/,
      )
    }
    expect(await readFile(file, 'utf8')).toBe('my notes')
    expect((await readdir(folder)).toSorted()).toEqual(['notes.txt', 'signing.pem'])
  })

  it('never prints the password of a store', async () => {
    for (const store of ['postgres://app:hush%21@127.0.0.1:1/x', 'mysql://app:hush%21@127.0.0.1:1/x?password=hush!']) {
      await expect(startServer({ ...DEFAULTS, keys: await writeKeys(), store }, recordOutput())).rejects.toThrow(
        /^--store: (?!.*hush)/s,
      )
    }
    const redact = redactorFor('redis://app:hush%21@127.0.0.1?password=se+cret')
    expect(redact('hush! and hush%21, se+cret')).toBe('… and …, …')
  })

  it.each([
    ['users:\n  - { sub: a, password: "hush\n', /settings\.yaml: .*line \d+, column \d+/],
    ['users: [{ sub: a, password: hush, password: hush }]', /line 1, column 35 \(DUPLICATE_KEY\): a name is there twice/],
    ['users:\n  - sub: a\n password: hush', /line 3, column \d+ \(\w+\): .*indentation/],
    ['users:\n\t- sub: hush', /line 2, column \d+ \(\w+\): .*[Uu]se spaces/],
    ['users: [{ sub: a, password: !hush x }]', /line 1, column 29/],
    ['users: [{ sub: a, password: *hush }]', /settings\.yaml/],
    ['oneClick: hush', /oneClick: expected true or false/],
  ])('names the place of a mistake in %j without quoting it', async (text, message) => {
    const config = join(folder, 'settings.yaml')
    await writeFile(config, text)
    const start = startServer({ ...DEFAULTS, config }, recordOutput())
    await expect(start).rejects.toThrow(message)
    await expect(start).rejects.toThrow(/^(?!.*hush)/s)
  })

  it.each([
    ['grants: { fly: {} }', /grants: "fly" is unknown. Known: authorizationCode/],
    ['grants: { refreshtoken: {} }', /grants: .*Did you mean "refreshToken"/],
    ['grants: { refreshToken: { reuse_detection: false } }', /refreshToken: .*Did you mean "reuseDetection"/],
    ['features: { divice: {} }', /features: .*Did you mean "device"/],
    ['', /config\.yaml: expected an object with settings.* empty/],
    ['# users: []', /config\.yaml: expected an object with settings.* empty/],
    ['users: [{ sub: a }, { name: b }]', /config\.yaml: users: every user needs a "sub".* entry 2 /],
    ['clients: [{ clientId: a }, { client_id: b }]', /config\.yaml: clients: every client needs a "clientId".* entry 2 /],
    ['clients: [{ clientId: a, clientSecret: "" }]', /config\.yaml: clients: "clientSecret" of "a"/],
    ['users: [{ sub: a, email: x }]', /config\.yaml: users: "email" of "a"/],
    ['users: 3', /users: expected a list/],
    ['scopes: x', /scopes/],
    ['client: []', /"client" is unknown. Did you mean "clients"/],
    ['users: [{ sub: a, passwrd: x }]', /users: "passwrd" of "a" is unknown. Did you mean "password"/],
    ['users: [{ sub: a, name: A }]', /users: "name" of "a".*"claims"/],
    ['users: [{ sub: a, password: 12345 }]', /"password" of "a": expected a string(?!.*12345)/],
    ['users: [{ sub: a, claims: [x] }]', /"claims" of "a"/],
    ['clients: [{ clientId: a, redirectUri: x }]', /clients: "redirectUri" of "a" is unknown. Did you mean "redirectUris"/],
    ['clients: [{ clientId: a, client_secret: x }]', /clients: .*Did you mean "clientSecret"/],
    ['clients: [{ clientId: a, clientSecret: 12345 }]', /"clientSecret" of "a": expected a string(?!.*12345)/],
    ['{', /YAML/],
  ])('rejects the settings file "%s"', async (text, message) => {
    const config = join(folder, 'config.yaml')
    await writeFile(config, text)
    await expect(startServer({ ...DEFAULTS, config, keys: await writeKeys() }, recordOutput())).rejects.toThrow(message)
  })

  it('signs with keys in PEM', async () => {
    const keys = join(folder, 'keys.pem')
    const pem = (): string => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await writeFile(keys, `${pem()}\n${pem()}`)
    const server = await startServer(await writeOptions({ keys }), recordOutput())
    const published = (await (await fetch(`${server.issuer}/jwks`)).json()) as { keys: { alg: string }[] }
    expect(published.keys.map(({ alg }) => alg)).toEqual(['EdDSA', 'EdDSA'])
    await server.close()
    await writeFile(keys, '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')
    await expect(startServer(await writeOptions({ keys }), recordOutput())).rejects.toThrow(/^keys: (?!.*AAAA)/)
  })

  it('rejects an unknown store', async () => {
    await expect(openStore('floppy:a')).rejects.toThrow(/--store/)
  })

  it('rejects invalid clients, issuer, keys and store before it listens', async () => {
    const [twice, keys] = [join(folder, 'twice.json'), join(folder, 'empty-keys.json')]
    await writeFile(twice, '[{"clientId":"a"},{"clientId":"a"}]')
    await writeFile(keys, '{"keys":[{}]}')
    const port = await findFreePort()
    for (const [more, message] of [
      [{ clients: twice }, /"a"/],
      [{ issuer: 'nonsense' }, /^issuer/],
      [{ keys }, /^--keys/],
      [{ store: 'sqlite:/nonexistent/x.db' }, /^--store: the sqlite store/],
    ] as const) {
      await expect(startServer(await writeOptions({ port, ...more }), recordOutput())).rejects.toThrow(message)
      await expect(fetch(`http://127.0.0.1:${port}/jwks`)).rejects.toThrow()
    }
  })

  it('rejects a port that is in use', async () => {
    const server = await startServer(await writeOptions(), recordOutput())
    const port = Number(new URL(server.issuer).port)
    await expect(startServer(await writeOptions({ port }), recordOutput())).rejects.toThrow(/EADDRINUSE/)
    await server.close()
  })

  it.each([
    ['::1', /^http:\/\/\[::1\]:\d+$/],
    ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['::', /^http:\/\/\[::1\]:\d+$/],
  ])('prints an issuer that a browser can open for the host %s', async (host, issuer) => {
    const server = await startServer(await writeOptions({ host }), recordOutput())
    expect(server.issuer).toMatch(issuer)
    expect((await fetch(`${server.issuer}/jwks`)).status).toBe(200)
    await server.close()
  })

  it('refuses requests for an unknown host (DNS rebinding), whatever the address it listens on', async () => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const issuer = 'https://id.example.com'
      const allowedHost = ['proxy.test']
      const output = recordOutput()
      const port = await findFreePort()
      const server = await startServer(await writeOptions({ host, port, issuer, allowedHost }), output)
      const statusAs = (name: string, path = '/jwks'): Promise<number> => statusFor(`http://127.0.0.1:${port}${path}`, name)
      expect(await statusAs('evil.example')).toBe(403)
      expect(await statusAs(`evil.example:${port}`, '/authorize?client_id=spa')).toBe(403)
      for (const name of ['id.example.com', 'proxy.test', `localhost:${port}`, '127.0.0.1'])
        expect(await statusAs(name)).toBe(200)
      await server.close()
    }
  })

  it.each([
    ['0.0.0.0', '[{ sub: a }]', true],
    ['::', '[{ sub: a }]', true],
    ['127.0.0.1', '[{ sub: a }]', false],
    ['localhost', '[{ sub: a }]', false],
    ['0.0.0.0', '[{ sub: a, password: p }]', false],
    ['0.0.0.0', '[]', false],
  ])('warns about one-click users who are reachable from other machines: %s, %s', async (host, users, isOpen) => {
    const config = join(folder, 'config.yaml')
    await writeFile(config, `users: ${users}`)
    const output = recordOutput()
    const server = await startServer({ ...DEFAULTS, host, config, keys: await writeKeys(), quiet: true }, output)
    expect(output.lines.some((line) => /^error: Warning: .*one click/.test(line))).toBe(isOpen)
    expect(output.lines[0]).toBe(server.issuer)
    await server.close()
  })

  it.each<[Partial<ServerOptions>, string, boolean]>([
    [{ issuer: 'https://id.example' }, '[{ sub: a }]', true],
    [{ allowedHost: ['.example.com'] }, '[{ sub: a }]', true],
    [{ proxies: 1 }, '[{ sub: a }]', true],
    [{ issuer: 'https://id.example' }, '[{ sub: a, password: p }]', false],
    [{ issuer: 'http://localhost:3000', allowedHost: ['app.localhost'], proxies: 0 }, '[{ sub: a }]', false],
  ])('warns about one-click users behind a proxy: %j, %s', async (more, users, isOpen) => {
    const config = join(folder, 'proxy.yaml')
    await writeFile(config, `users: ${users}`)
    const output = recordOutput()
    const server = await startServer({ ...DEFAULTS, config, keys: await writeKeys(), quiet: true, ...more }, output)
    expect(output.lines.some((line) => /^error: Warning: .*proxy.*one click/.test(line))).toBe(isOpen)
    await server.close()
  })

  it('warns once about one-click users who come with a reload', async () => {
    const output = recordOutput()
    const users = join(folder, 'reloaded.yaml')
    await writeFile(users, '[{ sub: a, password: p }]')
    const server = await startServer({ ...DEFAULTS, host: '0.0.0.0', users, keys: await writeKeys() }, output)
    const warnings = (): number => output.lines.filter((line) => line.includes('one click')).length
    expect(warnings()).toBe(0)
    for (const count of [1, 2]) {
      await writeFile(users, `[{ sub: a${count} }]`)
      await expect.poll(() => output.lines.filter((line) => line.startsWith('Settings reloaded')).length).toBe(count)
    }
    expect(warnings()).toBe(1)
    await server.close()
  })
})

async function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
      .on('error', reject)
      .end()
  })
}
