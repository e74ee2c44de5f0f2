import { readFile, writeFile } from 'node:fs/promises'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { SIGNING_ALGORITHMS } from '../token/key-ring.js'

/** @returns the keys in the file, made and written there (for nobody else to read) where it is missing */
export async function openKeys(file: string | undefined): Promise<readonly JWK[]> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(missing)
  if (text !== undefined) return parseKeys(text)
  const keys = await Promise.all(SIGNING_ALGORITHMS.map(makeKey))
  if (file !== undefined) await writeFile(file, JSON.stringify({ keys }, undefined, 2), { mode: 0o600 })
  return keys
}

function missing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

async function parseKeys(text: string): Promise<readonly JWK[]> {
  const keys = readKeySet(text)
  // A key that cannot be read would be found out with the first sign-in.
  await Promise.all(keys.map((key) => importJWK(key))).catch((cause: unknown) => {
    throw new TypeError('--keys: a key in the file cannot be read (RFC 7517, section 4)', { cause })
  })
  return keys
}

function readKeySet(text: string): readonly JWK[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)) return value.keys
  } catch {
    // Said below; what the parser says would hold a piece of the file.
  }
  throw new TypeError('--keys: expected a JSON Web Key Set (RFC 7517, section 5)')
}

async function makeKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg, kid: await calculateJwkThumbprint(jwk) }
}
