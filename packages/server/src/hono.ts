export { toFetchHandler, toHonoGuard, toHonoMiddleware, type HonoGuardEnv } from './adapters/hono.js'
