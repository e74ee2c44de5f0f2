import { CompactEncrypt, compactDecrypt } from 'jose'
import type { ServerParts } from '../server-parts.js'
import { isExpired } from '../storage/expiry.js'
import { digest } from '../storage/digest.js'
import type { Issue, TokenPair } from './issue-tokens.js'

/** What is kept so that the same tokens can be given again: encrypted, since stores hold no tokens. */
interface Kept {
  readonly sealed: string
}

/** @returns the living tokens of the same client, grant, person and scope, where the server gives each of them one only */
export async function findUniqueTokens(issue: Issue, server: ServerParts): Promise<TokenPair | undefined> {
  const key = await uniqueKey(issue, server)
  const kept = key === undefined ? undefined : await server.stores.state.get<Kept>(key)
  const pair = kept && (await open(kept, server))
  if (!pair) return undefined
  const record = await server.stores.accessTokens.findByToken(await digest(pair.accessToken))
  const isAlive = record !== undefined && !isExpired(record, server.now())
  return isAlive ? pair : undefined
}

export async function keepUniqueTokens(issue: Issue, pair: TokenPair, server: ServerParts): Promise<void> {
  const key = await uniqueKey(issue, server)
  if (key === undefined) return
  const kept: Kept = { sealed: await seal(pair, server) }
  await server.stores.state.set(key, kept, pair.expiresAt)
}

/** A refresh asks for new tokens by its nature; without a person there is nobody to be unique for. */
async function uniqueKey(
  { client, grantType, userId, scope, dpopJkt, resources }: Issue,
  server: ServerParts,
): Promise<string | undefined> {
  if (!server.uniqueTokens || userId === undefined || grantType === 'refresh_token') return undefined
  return `unique:${await digest(JSON.stringify([client.clientId, grantType, userId, scope.toSorted(), dpopJkt, resources]))}`
}

async function seal(pair: TokenPair, server: ServerParts): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(pair))
  return new CompactEncrypt(text).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(await sealingKey(server))
}

async function open({ sealed }: Kept, server: ServerParts): Promise<TokenPair | undefined> {
  try {
    const { plaintext } = await compactDecrypt(sealed, await sealingKey(server))
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- authenticated: nobody else can have written it
    return JSON.parse(new TextDecoder().decode(plaintext)) as TokenPair
  } catch {
    // Sealed under another secret, by a process that is gone.
    return undefined
  }
}

/** A key of its own: the secret itself signs form tokens. */
async function sealingKey({ secret }: ServerParts): Promise<Uint8Array> {
  const label = new TextEncoder().encode('latchkey unique tokens')
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array([...label, ...secret])))
}
