// Constants that the page and the provider in the dev server share.

/** The client of the page. The page shows both values, so the secret is not one. */
export const consumer = { key: 'public-demo-key', secret: 'public-demo-secret' } as const

/** Path of the provider: `/initiate`, `/authorize` and `/token` are below it. */
export const PROVIDER_PATH = '/oauth1-server'
/** Path of the protected API. */
export const API_PATH = '/oauth1-api'
/**
 * Header of a request that was signed for another host: a page can send it to its own only, so it says where it would have arrived. This
 * API alone reads it, and only for this machine.
 */
export const RECEIVED_AT = 'x-demo-received-at'
/** Path of the page, which is the callback URL as well. */
export const CALLBACK_PATH = '/oauth1'
