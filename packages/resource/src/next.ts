export { guardRoute, metadataRoute, type GuardedRoute } from './guards/route-guard.js'
