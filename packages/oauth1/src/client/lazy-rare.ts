import { throwLoadFailure } from '@latchkey/core/internals'

/**
 * Loads what few clients use: signature methods other than HMAC, a proxy, responses in JSON.
 *
 * @throws NetworkError module_load_failed
 */
export const loadRareCalls = (): Promise<typeof import('./rare-calls.js')> => import('./rare-calls.js').catch(throwLoadFailure)
