import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../storage/real-server.fixture.js'
import { json } from '../server/test-browser.fixture.js'
import { readCommandLine, type CommandOptions } from './command-options.js'
import { openStore } from './open-store.js'
import { readVersion } from './read-version.js'
import { run } from './run.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latchkey-'))
})
afterEach(() => rm(folder, { recursive: true }))

const CLIENTS = `
- clientId: robot
  clientSecret: s3cret
- clientId: spa
  redirectUris: [https://app.example/]
`

async function options(more: readonly string[] = []): Promise<CommandOptions> {
  const [users, clients] = [join(folder, 'users.json'), join(folder, 'clients.yaml')]
  await writeFile(users, JSON.stringify([{ sub: 'alice' }]))
  await writeFile(clients, CLIENTS)
  const read = readCommandLine(['--port', '0', '--users', users, '--clients', clients, ...more])
  if (typeof read === 'string') throw new TypeError('expected options')
  return read
}

function output() {
  const lines: string[] = []
  return { lines, print: (line: string) => void lines.push(line), fault: (line: string) => void lines.push(`! ${line}`) }
}

const askAsRobot = (issuer: string, secret = 's3cret'): Promise<Response> =>
  fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'email', client_id: 'robot', client_secret: secret }),
  })

describe('latchkey-server', () => {
  it('starts with a JSON and a YAML file, prints its issuer, and answers', async () => {
    // covers C-093
    const out = output()
    const running = await run(await options(), out)
    expect(out.lines[0]).toBe(running.issuer)
    expect(await json(await fetch(`${running.issuer}/.well-known/openid-configuration`))).toMatchObject({
      issuer: running.issuer,
    })
    expect((await askAsRobot(running.issuer)).status).toBe(200)
    await running.close()
  })

  it('reads its files again when they change, keeps the old settings when they are broken', async () => {
    const out = output()
    const given = await options()
    const running = await run(given, out)
    const until = async (line: RegExp): Promise<void> => {
      await expect.poll(() => out.lines.some((printed) => line.test(printed)), { timeout: 5000 }).toBe(true)
    }
    await writeFile(given.clients ?? '', CLIENTS.replace('s3cret', 'other'))
    await until(/read again/)
    expect((await askAsRobot(running.issuer, 'other')).status).toBe(200)
    await writeFile(given.clients ?? '', '- {}')
    await until(/^! settings kept: .*clientId/)
    expect((await askAsRobot(running.issuer, 'other')).status).toBe(200)
    await running.close()
  })

  it('keeps its keys and its tokens over a restart, the keys for nobody else to read', async () => {
    const keys = join(folder, 'keys.json')
    const more = ['--keys', keys, '--store', `sqlite:${join(folder, 'store.db')}`]
    const first = await run(await options(more), output())
    const jwks = await (await fetch(`${first.issuer}/jwks`)).text()
    const { access_token: token = '' } = await json(await askAsRobot(first.issuer))
    await first.close()
    expect((await stat(keys)).mode & 0o077).toBe(0)
    const second = await run(await options(more), output())
    expect(await (await fetch(`${second.issuer}/jwks`)).text()).toBe(jwks)
    const body = new URLSearchParams({ client_id: 'robot', client_secret: 's3cret', token })
    expect(await json(await fetch(`${second.issuer}/introspect`, { method: 'POST', body }))).toMatchObject({ active: true })
    await second.close()
  })

  it('says what is wrong with options and files', async () => {
    expect([['--help'], ['-h'], ['--version']].map((line) => readCommandLine(line))).toEqual(['help', 'help', 'version'])
    expect(await readVersion()).toMatch(/^\d+\.\d+\.\d+/)
    expect(() => readCommandLine(['--port', 'x'])).toThrow(/--port/)
    expect(() => readCommandLine(['--nonsense'])).toThrow(/nonsense/)
    await expect(openStore('floppy:a')).rejects.toThrow(/--store/)
    const config = join(folder, 'config.yaml')
    for (const [text, message] of [
      ['grants: { fly: {} }', /"fly" is none of/],
      ['users: 3', /users: expected a list/],
      ['scopes: x', /scopes/],
      ['client: []', /"client" is none of users, clients/],
      ['users: [{ sub: a, passwrd: x }]', /users: "a": "passwrd" is none of/],
      ['users: [{ sub: a, password: 12345 }]', /"password" of "a": expected a string(?!.*12345)/],
      ['users: [{ sub: a, claims: [x] }]', /"claims" of "a"/],
      ['clients: [{ clientId: a, redirectUri: x }]', /clients: "a": "redirectUri" is none of/],
      ['clients: [{ clientId: a, clientSecret: 12345 }]', /"clientSecret" of "a": expected a string(?!.*12345)/],
      ['{', /YAML/],
    ] as const) {
      await writeFile(config, text)
      const read = readCommandLine(['--port', '0', '--config', config])
      await expect(run(read as CommandOptions, output())).rejects.toThrow(message)
    }
  })

  it('refuses, before anything listens, what it could only answer faults with', async () => {
    const [twice, keys] = [join(folder, 'twice.json'), join(folder, 'empty-keys.json')]
    await writeFile(twice, '[{"clientId":"a"},{"clientId":"a"}]')
    await writeFile(keys, '{"keys":[{}]}')
    const port = String(await freePort())
    for (const [more, message] of [
      [['--clients', twice], /"a" is there twice/],
      [['--issuer', 'nonsense'], /^issuer/],
      [['--keys', keys], /^--keys/],
      [['--store', 'sqlite:/nonexistent/x.db'], /^--store: the sqlite store/],
    ] as const) {
      await expect(run(await options(['--port', port, ...more]), output())).rejects.toThrow(message)
      await expect(fetch(`http://127.0.0.1:${port}/jwks`)).rejects.toThrow()
    }
  })

  it('says that its port is taken', async () => {
    const held = await run(await options(), output())
    await expect(run(await options(['--port', new URL(held.issuer).port]), output())).rejects.toThrow(/EADDRINUSE/)
    await held.close()
  })

  it('names an issuer that a browser can go to', async () => {
    for (const [host, issuer] of [
      ['::1', /^http:\/\/\[::1\]:\d+$/],
      ['0.0.0.0', /^http:\/\/127\.0\.0\.1:\d+$/],
      ['::', /^http:\/\/\[::1\]:\d+$/],
    ] as const) {
      const running = await run(await options(['--host', host]), output())
      expect(running.issuer).toMatch(issuer)
      expect((await fetch(`${running.issuer}/jwks`)).status).toBe(200)
      await running.close()
    }
  })
})
