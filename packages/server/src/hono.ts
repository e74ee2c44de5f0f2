export { toFetchHandler, toHonoMiddleware } from './adapters/hono.js'
