/**
 * Reads JSON that is encoded as base64 or base64url, with or without padding.
 *
 * @returns undefined for anything else
 */
export function readBase64Json(encoded = ''): unknown {
  try {
    const bytes = Uint8Array.from(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0))
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown
  } catch {
    return undefined
  }
}
