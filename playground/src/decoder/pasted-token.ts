import { decodeProtectedHeader } from 'jose'

/** Removes what is copied along with a token: line breaks, quotes, `Authorization:` and `Bearer`. */
export function cleanToken(text: string): string {
  return text
    .trim()
    .replace(/^authorization:\s*/i, '')
    .replace(/^(bearer|dpop)\s+/i, '')
    .replaceAll(/[\s"',]/g, '')
}

/** @returns what the text is instead of a signed JSON Web Token whose payload is a JSON object */
export function whyUnreadable(token: string): string {
  const count = token.split('.').length
  const header = readHeader(token)
  if (count === 5 && header) return encrypted(header)
  if (count !== 3) return NOT_A_TOKEN
  return header ? NO_CLAIMS : NO_HEADER
}

function readHeader(token: string): ReturnType<typeof decodeProtectedHeader> | undefined {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return undefined
  }
}

function encrypted({ alg, enc }: ReturnType<typeof decodeProtectedHeader>): string {
  return `This is an encrypted token (JWE: five parts, “alg” ${String(alg)}, “enc” ${String(enc)}). Only its recipient has the key that decrypts it.`
}

const NOT_A_TOKEN = 'Expected three parts with a dot between them, each encoded as base64url. An opaque token cannot be decoded.'
const NO_HEADER = 'There are three parts, but the header is not a JSON object encoded as base64url.'
const NO_CLAIMS =
  'The header can be read, but the payload is not a JSON object. If it is another token (“cty” is JWT), paste that one.'
