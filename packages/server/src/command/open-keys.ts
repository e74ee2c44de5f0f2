import { readFile, writeFile } from 'node:fs/promises'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { SIGNING_ALGORITHMS } from '../tokens/key-ring.js'

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

function parseKeys(text: string): readonly JWK[] {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)) return value.keys
  throw new TypeError('--keys: expected a JSON Web Key Set (RFC 7517, section 5)')
}

async function makeKey(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, alg, kid: await calculateJwkThumbprint(jwk) }
}
