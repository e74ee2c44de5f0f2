import { authorize } from '../authorize/authorize.js'
import type { FeatureServer } from '../features/feature.js'
import type { Route } from '../http/route.js'
import { OAUTH_CONFIGURATION, OPENID_CONFIGURATION } from '../http/routes.js'
import { introspection } from '../resource/introspection.js'
import { jwks } from '../resource/jwks.js'
import { metadata, type MetadataServer } from '../resource/metadata.js'
import { revocation } from '../resource/revocation.js'
import { userInfo } from '../resource/userinfo.js'
import { token } from '../token/token.js'

/** The endpoints of every server, under the issuer's path. Features add theirs. */
export const CORE_ROUTES: readonly Route<FeatureServer & MetadataServer>[] = [
  { path: '/authorize', methods: ['GET', 'POST'], handle: authorize, audience: 'page' },
  { path: '/token', methods: ['POST'], handle: token, audience: 'script', authenticatesClients: true },
  { path: '/userinfo', methods: ['GET', 'POST'], handle: userInfo, audience: 'script' },
  { path: '/revoke', methods: ['POST'], handle: revocation, audience: 'script', authenticatesClients: true },
  { path: '/introspect', methods: ['POST'], handle: introspection, audience: 'script', authenticatesClients: true },
  { path: '/jwks', methods: ['GET'], handle: jwks, audience: 'script' },
  { path: OPENID_CONFIGURATION, methods: ['GET'], handle: metadata, audience: 'script' },
  { path: OAUTH_CONFIGURATION, methods: ['GET'], handle: metadata, audience: 'script' },
]
