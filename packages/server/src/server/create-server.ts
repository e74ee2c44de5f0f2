import { fetchOf } from '../http/reply.js'
import { createRoutes, matchesRoute, pathUnderIssuer } from '../http/routes.js'
import { resolveOptions } from '../options/resolve-options.js'
import { warnOfUnknownNames } from '../options/warn-of-unknown-names.js'
import type { AuthorizationServerOptions } from '../options/server-options.js'
import { verifyRequest } from '../resource/verify-request.js'
import { addFeatures } from './add-features.js'
import type { AuthorizationServer } from './authorization-server.js'
import { setContext } from './context-of.js'
import { asJwk } from '../token/pem-key.js'

/** Creates a server. Throws a TypeError that names the option that cannot work. */
export function createAuthorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  const { context, routes } = addFeatures(resolveOptions(options), options.features ?? [], options.paths)
  warnOfUnknownNames(options.clients, context)
  const handle = createRoutes(context, routes, options.corsOrigin ?? '*')
  const server: AuthorizationServer = {
    issuer: context.issuer,
    fetch: fetchOf(handle),
    handles({ pathname }) {
      const path = pathUnderIssuer(pathname, context)
      // An issuer without a path shares its host with the app, so the server handles its endpoints only.
      return path !== undefined && (context.path !== '' || matchesRoute(path, routes))
    },
    async rotateKeys(alg, key) {
      await context.keys.rotate(alg, key === undefined ? undefined : asJwk(key))
      context.emit({ type: 'keys.rotated' })
    },
    verifyRequest: (request, requirements = {}) => verifyRequest({ request }, requirements, context),
  }
  setContext(server, context)
  return server
}
