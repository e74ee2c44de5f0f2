// Constants that the page and the provider in the dev server share.

/** The client of the page. The page shows both values, so the secret is not one. */
export const consumer = { key: 'public-demo-key', secret: 'public-demo-secret' } as const

/** Path of the provider: `/initiate`, `/authorize` and `/token` are below it. */
export const PROVIDER_PATH = '/oauth1-server'
/** Path of the protected API. */
export const API_PATH = '/oauth1-api'
/** Path of the page, which is the callback URL as well. */
export const CALLBACK_PATH = '/oauth1'
