// cspell:ignore nonse clien
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as attempts from '../attempts.js'
import * as clientAuth from '../client-auth.js'
import { createClientBench } from '../client/client.fixture.js'
import * as doctor from '../doctor.js'
import * as endpoints from '../endpoints.js'
import * as frontChannelLogout from '../front-channel-logout.js'
import * as grants from '../grants.js'
import * as idleTimeout from '../idle-timeout.js'
import * as core from '../index.js'
import * as native from '../native.js'
import { IS_DEVELOPMENT } from '../platform/is-development.js'
import { issuer } from '../protocol/test-server.fixture.js'
import * as providers from '../providers.js'
import * as refreshWorkerHost from '../refresh-worker-host.js'
import * as refreshWorker from '../refresh-worker.js'
import * as registry from '../registry.js'
import * as sessionMonitor from '../session-monitor.js'
import * as telemetry from '../telemetry.js'
import * as workerHost from '../worker-host.js'
import * as worker from '../worker.js'
import { OAuthClientError } from './errors.js'

const ENTRIES = {
  core,
  attempts,
  clientAuth,
  doctor,
  endpoints,
  frontChannelLogout,
  grants,
  idleTimeout,
  native,
  providers,
  refreshWorker,
  refreshWorkerHost,
  registry,
  sessionMonitor,
  telemetry,
  worker,
  workerHost,
}

/** Pure functions over values of the library itself, and hooks, whose failure the client turns into a typed error. */
const INTERNAL = new Set([
  'reduce',
  'isExpired',
  'tokenKey',
  'refuseUnknownOptions',
  'refuseSimilarOptions',
  'checkReturnTo',
  'currentEnvironment',
  'adaptedTokenResponse',
  'bearerTokenType',
  'chainHooks',
  'formEncodedTokenResponse',
  'renamedClaims',
  'spaceSeparatedScope',
  'withQueryParameter',
])

// Imported by `wrong-arguments-production.test.ts` as well.
const FEW: readonly unknown[] = [undefined, null, 5, [], {}]
const WRONG = IS_DEVELOPMENT ? [...FEW, '', 'x', true, { signal: {} }, { clien: 1 }, () => undefined] : FEW

type Fn = (...given: readonly unknown[]) => unknown

const functions = Object.entries(ENTRIES).flatMap(([entry, exported]) =>
  Object.entries(exported)
    .filter(([name, value]) => typeof value === 'function' && !INTERNAL.has(name) && !/^[A-Z]/.test(name))
    .map(([name, value]) => [`${entry}.${name}`, value as Fn] as const),
)

/** Calls a function with a wrong argument. A result is fine, a failure must be typed. */
async function failureOf(call: () => unknown): Promise<unknown> {
  try {
    const result = call()
    if (typeof result !== 'object' || result === null) return undefined
    const { close, stop } = result as { close?: () => unknown; stop?: () => unknown }
    // What hangs, such as a transport that waits for the user, has accepted its arguments.
    await Promise.race([Promise.resolve(result), new Promise((resolve) => setTimeout(resolve, 5))])
    stop?.()
    await close?.()
    return undefined
  } catch (cause) {
    return cause
  }
}

/** The calls whose failure is not an error of this library with a hint. */
function collector(): { readonly untyped: string[]; readonly attempt: (label: string, call: () => unknown) => Promise<void> } {
  const untyped: string[] = []
  const attempt = async (label: string, call: () => unknown): Promise<void> => {
    const error = await failureOf(call)
    const isTyped = (error instanceof OAuthClientError && !!error.hint) || error instanceof registry.ResponseError
    if (error !== undefined && !isTyped) untyped.push(`${label}: ${error instanceof Error ? error.message : typeof error}`)
  }
  return { untyped, attempt }
}

const text = (wrong: unknown): string => (typeof wrong === 'function' ? 'a function' : JSON.stringify({ wrong }))

const unhandled: unknown[] = []
const note = (reason: unknown): void => void unhandled.push(reason)
beforeAll(() => void process.on('unhandledRejection', note))
afterAll(async () => {
  await new Promise((resolve) => setTimeout(resolve, 0))
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

describe('wrong arguments', () => {
  it.each(functions)('%s() fails with a typed error or not at all', async (name, fn) => {
    const { client, server } = await createClientBench()
    const standalone = { issuer, clientId: 'client-1', fetch: server.fetch }
    const { untyped, attempt } = collector()
    for (const wrong of WRONG) {
      await attempt(`${name}(${text(wrong)})`, () => fn(wrong))
      await attempt(`${name}(client, ${text(wrong)})`, () => fn(client, wrong))
      await attempt(`${name}(options, ${text(wrong)})`, () => fn({ ...standalone }, wrong))
      await attempt(`${name}('x', ${text(wrong)})`, () => fn('x', wrong))
      await attempt(`${name}(client, 'x', ${text(wrong)})`, () => fn(client, 'x', wrong))
    }
    expect(untyped).toEqual([])
  })

  const methods = (owner: object): readonly (readonly [string, Fn])[] =>
    Object.entries(owner).filter((entry): entry is [string, Fn] => typeof entry[1] === 'function')

  it('methods of a client fail with a typed error or not at all', async () => {
    const { client } = await createClientBench()
    await client.login()
    const { untyped, attempt } = collector()
    for (const [name, method] of methods(client)) {
      for (const wrong of WRONG) {
        await attempt(`${name}(${text(wrong)})`, () => method(wrong))
        await attempt(`${name}('https://api.example/', ${text(wrong)})`, () => method('https://api.example/', wrong))
      }
    }
    expect(untyped).toEqual([])
  })

  it('methods of a registry, its clients and a token session fail with a typed error or not at all', async () => {
    const { server } = await createClientBench()
    const standalone = { issuer, clientId: 'client-1', fetch: server.fetch }
    const settings = { ...standalone, apiBaseUrl: 'https://api.example/' }
    const made = core.createOAuthRegistry({ a: settings }, { fetchToken: () => ({ access_token: 'a', token_type: 'Bearer' }) })
    const session = grants.clientCredentialsSession({ ...standalone, clientAuth: (request) => request })
    const { untyped, attempt } = collector()
    for (const owner of [made, made.a, session]) {
      for (const [name, method] of methods(owner)) {
        for (const wrong of WRONG) {
          await attempt(`${name}(${text(wrong)})`, () => method(wrong))
          await attempt(`${name}('a', ${text(wrong)})`, () => method('a', wrong))
        }
      }
    }
    expect(untyped).toEqual([])
  })
})
