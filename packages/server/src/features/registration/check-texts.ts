import { isRecord, isSlowKey } from '@latchkey/resource/internals'
import { OAuthError } from '../../http/oauth-error.js'
import { isMisleading, isPlainText } from '../../http/plain-text.js'
import type { ProposedClient } from '../client-metadata-members.js'
import { hasUnusualLetters, mixesAlphabets, nameSkeleton } from './name-skeleton.js'

const MAX_NAME = 100
/** Characters of every other text. */
const MAX_TEXT = 2000
const MAX_KEYS = 20
/** Characters of a key set as JSON. */
const MAX_KEY_SET = 16_000

/** Checks what a stranger wrote, before it is stored or shown. Throws OAuthError `invalid_client_metadata`. */
export function checkTexts(client: ProposedClient, reservedNames: readonly string[]): void {
  const { clientName } = client
  if (typeof clientName === 'string') checkName(clientName, reservedNames)
  for (const [name, value] of Object.entries(client)) {
    const texts: readonly unknown[] = Array.isArray(value) ? value : [value]
    if (texts.some((text) => typeof text === 'string' && (text.length > MAX_TEXT || isMisleading(text))))
      throw invalid(`"${name}" is longer than ${MAX_TEXT} characters, or has some that are hidden or change its direction`)
  }
  checkKeySet(client['jwks'])
}

function checkName(name: string, reservedNames: readonly string[]): void {
  if (!isPlainText(name, MAX_NAME)) {
    throw invalid(
      `"client_name" must be at most ${MAX_NAME} characters in one line, none of which is hidden or changes the text direction`,
    )
  }
  if (hasUnusualLetters(name))
    throw invalid('"client_name" must not have phonetic letters, digits of another script or several spaces')
  if (mixesAlphabets(name)) throw invalid('"client_name" must not mix letters of several alphabets in one word')
  const skeleton = nameSkeleton(name)
  if (reservedNames.some((reserved) => nameSkeleton(reserved) === skeleton))
    throw invalid('"client_name" looks like the name of another client')
}

function checkKeySet(jwks: unknown): void {
  if (!isRecord(jwks) || !Array.isArray(jwks['keys'])) return
  const keys: readonly unknown[] = jwks['keys']
  if (keys.length > MAX_KEYS || JSON.stringify(jwks).length > MAX_KEY_SET || keys.some(isSlowKey))
    throw invalid(`"jwks" must have at most ${MAX_KEYS} keys and ${MAX_KEY_SET} characters, and RSA keys of at most 8192 bits`)
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_client_metadata', description)
}
