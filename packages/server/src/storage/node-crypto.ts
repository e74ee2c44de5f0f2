import type * as NodeCrypto from 'node:crypto'

type Runtime = { readonly process?: { readonly getBuiltinModule?: (name: string) => unknown } }

/** `hash` is in Node 20.12 and later only. */
type Crypto = Partial<Pick<typeof NodeCrypto, 'hash'>> & Omit<typeof NodeCrypto, 'hash'>

let found: Crypto | null | undefined

/**
 * Returns Node's `crypto`, which hashes and signs short texts at once: Web Crypto needs a thread for each. Undefined on runtimes without
 * it, for which there is always another way. Not imported, since this module runs everywhere.
 */
export function nodeCrypto(): Crypto | undefined {
  found ??= ((globalThis as Runtime).process?.getBuiltinModule?.('node:crypto') as Crypto | undefined) ?? null
  return found ?? undefined
}
