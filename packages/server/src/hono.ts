export { toFetchHandler, toHonoGuard, toHonoMiddleware, type HonoGuardEnv } from './adapters/hono.js'
export { toHonoOAuth1Guard, type HonoOAuth1GuardEnv } from './adapters/oauth1-hono-guard.js'
