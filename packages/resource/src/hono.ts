export { toHonoGuard, toHonoMetadata, type HonoGuardEnv } from './guards/hono-guard.js'
