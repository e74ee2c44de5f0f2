import { createError } from '../errors/create-error.js'

/** Whether this is a page or one of its workers, where CORS applies and no secret can be kept. */
export function isInBrowser(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis
}

/** Why a page cannot use a token endpoint. */
export const REASONS = {
  cors: 'its token endpoint sends no CORS headers',
  secret: 'its token endpoint requires a client secret, which a page cannot keep',
  both: 'its token endpoint requires a client secret and sends no CORS headers',
} as const

/**
 * Creates the hook `authorizationRequest` that refuses the code flow in a browser, before the user is sent to a sign-in that cannot be
 * completed.
 *
 * @param tokenEndpoint of a proxy: with it nothing is refused
 */
export function needsProxy(provider: string, reason: keyof typeof REASONS, tokenEndpoint: string | undefined): (url: URL) => URL {
  return (url) => {
    const redeemsCode = (url.searchParams.get('response_type') ?? '').includes('code')
    if (tokenEndpoint !== undefined || !redeemsCode || !isInBrowser()) return url
    throw createError('unsupported', `A page cannot complete a sign-in at ${provider}: ${REASONS[reason]}.`, {
      hint: 'Pass "tokenEndpoint" to the preset: the URL of your own proxy, which forwards the token request (and adds the secret). Or sign in in your back end.',
      spec: 'RFC 6749, section 2.3.1',
    })
  }
}
