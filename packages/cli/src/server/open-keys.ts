import { randomUUID } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { generateSigningKeys, type PemKey } from '@latchkey/server'
import { importJWK, type JWK } from 'jose'
import { explainFile, isFileError } from './explain-file.js'

/** Signing keys, as the server takes them. */
export type SigningKeys = readonly (JWK | PemKey | string)[]

/**
 * Reads the signing keys from a file, a JSON Web Key Set or PEM, or generates them. Generated keys are written to the file, readable by
 * its owner only. An existing file is never written.
 */
export async function openKeys(file: string | undefined): Promise<SigningKeys> {
  if (file === undefined) return generateSigningKeys()
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isFileError(error, 'ENOENT')) return createKeyFile(file)
    throw explainFile('--keys', file, error)
  })
  return parseKeys(text)
}

/** Two servers that start at the same time use the keys of the faster one. Returns what is in the file. */
async function createKeyFile(file: string): Promise<string> {
  const text = JSON.stringify({ keys: await generateSigningKeys() }, undefined, 2)
  const draft = `${file}.${randomUUID()}.new`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
    // Only one process can give a complete file this name. Some file systems have no links.
    await link(draft, file).catch((error: unknown) => {
      if (isFileError(error, 'EEXIST')) throw error
      return writeFile(file, text, { mode: 0o600, flag: 'wx' })
    })
    return text
  } catch (error) {
    if (isFileError(error, 'EEXIST')) return await readExisting(file)
    throw explainFile('--keys', file, error)
  } finally {
    await rm(draft, { force: true })
  }
}

/** Reads a file whose name is taken. */
async function readExisting(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (!isFileError(cause, 'ENOENT')) throw explainFile('--keys', file, cause)
    throw new TypeError(`--keys: ${file} is a link to a file that does not exist. Delete the link, or create the file.`, {
      cause,
    })
  }
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
    if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys) && value.keys.length > 0)
      return value.keys
  } catch {
    // The parser's message quotes the file, which contains private keys. Throw without it.
  }
  throw new TypeError('--keys: expected a JSON Web Key Set with at least one key (RFC 7517, section 5), or private keys in PEM')
}
