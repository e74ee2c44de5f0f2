import { readFile, writeFile } from 'node:fs/promises'
import { generateSigningKeys, type PemKey } from '@latchkey/server'
import { importJWK, type JWK } from 'jose'

/** Signing keys, as the server takes them. */
export type SigningKeys = readonly (JWK | PemKey | string)[]

/** Reads the signing keys from a file, a JSON Web Key Set or PEM, or generates them. Generated keys are written to the file, readable by its owner only. */
export async function openKeys(file: string | undefined): Promise<SigningKeys> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(undefinedIfMissing)
  if (text !== undefined) return parseKeys(text)
  const keys = await generateSigningKeys()
  if (file !== undefined) await writeFile(file, JSON.stringify({ keys }, undefined, 2), { mode: 0o600 })
  return keys
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

async function parseKeys(text: string): Promise<SigningKeys> {
  // The server checks PEM when it is created.
  const pem = text.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/g)
  if (pem) return pem
  const keys = parseKeySet(text)
  // Import every key now: an invalid one would only fail at the first sign-in.
  await Promise.all(keys.map((key) => importJWK(key))).catch((cause: unknown) => {
    throw new TypeError('--keys: the file contains an invalid key (RFC 7517, section 4)', { cause })
  })
  return keys
}

function parseKeySet(text: string): readonly JWK[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys)) return value.keys
  } catch {
    // The parser's message quotes the file, which contains private keys. Throw without it.
  }
  throw new TypeError('--keys: expected a JSON Web Key Set (RFC 7517, section 5), or private keys in PEM')
}
