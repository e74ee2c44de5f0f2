import { findSignatureMethod, type SignatureMethod } from '@latchkey/oauth1/signature'
import type { ServerContext } from '../../options/server-context.js'
import { withoutUndefined } from '../../options/without-undefined.js'
import { checkOAuth1Options } from './check-oauth1-options.js'
import { oauth1ClientList, type OAuth1ClientStore } from './oauth1-client-record.js'
import type { OAuth1Hooks } from './oauth1-hooks.js'
import type { GeneratedCredentials, OAuth1Options } from './oauth1-options.js'
import { storeHooks } from './store-hooks.js'

/** The options, checked once, and what follows from them. */
export interface OAuth1Settings {
  readonly clients: OAuth1ClientStore
  readonly methods: ReadonlyMap<string, SignatureMethod>
  /** Seconds. */
  readonly temporaryLifetime: number
  /** Seconds. */
  readonly timestampWindow: number
  /** Bytes. */
  readonly maxBodySize: number
  readonly generate: () => Promise<GeneratedCredentials>
  readonly hooks: (server: Pick<ServerContext, 'stores' | 'secret' | 'hooks'>) => OAuth1Hooks
  /** Whether credentials are encrypted with the server's secret: the host does not keep all of them itself. */
  readonly needsSecret: boolean
}

/** Those that encrypt and decrypt. */
const SEALING_HOOKS = [
  'createTemporaryCredential',
  'getTemporaryCredential',
  'createTokenCredential',
  'getTokenCredential',
] as const

/** PLAINTEXT sends the secrets themselves, so it is used only if the options request it. */
const DEFAULT_METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'RSA-SHA1', 'RSA-SHA256'] as const

/** Throws a TypeError that names the option that cannot work. */
export function resolveOAuth1Options(options: OAuth1Options): OAuth1Settings {
  checkOAuth1Options(options)
  const { clients, temporaryLifetime = 600, timestampWindow = 300, maxBodySize = 1_048_576 } = options
  const { tokenLength = 42, tokenSecretLength = 48 } = options
  const generateToken = options.generateToken ?? (() => randomText(tokenLength))
  const generateTokenSecret = options.generateTokenSecret ?? (() => randomText(tokenSecretLength))
  return {
    clients: 'findClient' in clients ? clients : oauth1ClientList(clients),
    methods: new Map((options.signatureMethods ?? DEFAULT_METHODS).map(methodOf).map((method) => [method.name, method])),
    temporaryLifetime,
    timestampWindow,
    maxBodySize,
    async generate() {
      const generated = options.tokenGenerator
        ? await options.tokenGenerator()
        : { token: await generateToken(), tokenSecret: await generateTokenSecret() }
      return checkGenerated(generated)
    },
    hooks: hooksOf(options),
    needsSecret: SEALING_HOOKS.some((name) => !options.hooks?.[name]),
  }
}

/** Throws a TypeError for credentials without a secret: with hooks of the host, "undefined" would be stored and sent as one. */
function checkGenerated(generated: GeneratedCredentials | undefined): GeneratedCredentials {
  const { token, tokenSecret } = generated ?? {}
  if (isText(token) && isText(tokenSecret)) return { token, tokenSecret }
  const [name, value] = isText(token) ? ['tokenSecret', tokenSecret] : ['token', token]
  const received = value === '' ? 'an empty one' : typeof value
  throw new TypeError(`oauth1: the generator of credentials must return a text as "${name}", not ${received}`)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** One value of `oauth1()` may be in several servers: each of them has hooks over its own store. */
function hooksOf({ hooks, previousSecrets }: OAuth1Options): OAuth1Settings['hooks'] {
  const made = new WeakMap<object, OAuth1Hooks>()
  return (server) => {
    const known = made.get(server)
    if (known) return known
    const onError = (error: unknown): void => server.hooks.onError?.(error)
    const own = {
      ...storeHooks(server.stores.state, server.secret, { previousSecrets, onError }),
      ...withoutUndefined(hooks ?? {}),
    }
    made.set(server, own)
    return own
  }
}

function methodOf(given: string | SignatureMethod): SignatureMethod {
  const method = typeof given === 'string' ? findSignatureMethod(given) : given
  if (method) return method
  throw new TypeError(
    `oauth1: "${typeof given === 'string' ? given : typeof given}" in "signatureMethods" is unknown. Pass an object to add a method`,
  )
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Creates random letters and digits. */
export function randomText(length: number, characters: string = CHARACTERS): string {
  // Bytes from the largest multiple of the alphabet's size on would make some characters more likely.
  const limit = 256 - (256 % characters.length)
  let text = ''
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(64)))
      if (byte < limit && text.length < length) text += characters[byte % characters.length] ?? ''
  }
  return text
}
