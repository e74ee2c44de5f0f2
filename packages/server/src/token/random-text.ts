import { base64url } from 'jose'

const POOL_BYTES = 4096

let pool: Uint8Array<ArrayBuffer> | undefined
let used = POOL_BYTES

type Runtime = { readonly Buffer?: typeof Buffer }

/** Returns random bytes in base64url. The bytes come from a pool, since a call of the system takes as long for many as for a few. */
export function randomText(bytes: number): string {
  if (bytes > POOL_BYTES) return encode(crypto.getRandomValues(new Uint8Array(bytes)))
  pool ??= new Uint8Array(POOL_BYTES)
  if (used + bytes > POOL_BYTES) {
    crypto.getRandomValues(pool)
    used = 0
  }
  const taken = pool.subarray(used, used + bytes)
  used += bytes
  const text = encode(taken)
  // No later bug can give the same bytes out again, or read a token from memory.
  taken.fill(0)
  return text
}

function encode(bytes: Uint8Array): string {
  const { Buffer } = globalThis as Runtime
  return Buffer ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url') : base64url.encode(bytes)
}
