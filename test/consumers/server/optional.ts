// A value that may be missing can be passed on as it is, also with "exactOptionalPropertyTypes".
import {
  authorizationCode,
  createAuthorizationServer,
  createIssue,
  hybrid,
  implicit,
  jwtBearer,
  jwtGenerator,
  memoryStore,
  par,
  password,
  refreshToken,
  tokenExchange,
  userSite,
  type Grant,
} from '@latchkey/server'
import { ciba } from '@latchkey/server/ciba'
import { clientIdMetadata } from '@latchkey/server/client-id-metadata'
import { device } from '@latchkey/server/device'
import { memcachedStore } from '@latchkey/server/memcached'
import { mysqlStore } from '@latchkey/server/mysql'
import { postgresStore } from '@latchkey/server/postgres'
import { rar } from '@latchkey/server/rar'
import { redisStore } from '@latchkey/server/redis'
import { registration } from '@latchkey/server/registration'
import { sqliteStore } from '@latchkey/server/sqlite'
import { latchkey } from '@latchkey/vite'

declare const maybe: string | undefined
declare const seconds: number | undefined
declare const flag: boolean | undefined
declare const now: (() => number) | undefined

const custom: Grant = { grantType: 'https://example/g', handle: (request) => createIssue(request, { expiresIn: seconds }) }

export const server = createAuthorizationServer({
  issuer: 'https://id.example.com',
  clients: [{ clientId: 'app', redirectUris: [], clientSecret: maybe, scope: maybe, requireConsent: flag }],
  site: userSite({ users: [{ sub: 'alice', username: maybe, password: maybe }], oneClick: flag }),
  grants: [
    authorizationCode({ expiresIn: seconds, codeLifetime: seconds, requirePkce: flag, defaultScope: undefined, site: undefined }),
    refreshToken({ rotate: flag, grace: seconds, issue: undefined, reuseDetection: flag }),
    password({ allowPublicClients: flag }),
    hybrid({ expiresIn: seconds }),
    implicit({ expiresIn: seconds }),
    jwtBearer({ trustedIssuers: [{ issuer: 'https://other', jwksUri: maybe }] }),
    tokenExchange({ isAllowed: undefined }),
    custom,
  ],
  features: [
    device({ interval: seconds, renderDevicePage: undefined }),
    ciba({ interval: seconds, notifyUser: undefined }),
    par({ required: flag }),
    rar({ types: {} }),
    clientIdMetadata({ allow: undefined, allowLoopback: flag, cacheSeconds: { min: seconds }, resources: undefined }),
    registration({ initialAccessToken: maybe }),
  ],
  keys: undefined,
  keyRotation: { overlap: seconds },
  tokens: jwtGenerator({ audience: maybe, alg: maybe }),
  hooks: { onError: undefined, onEvent: undefined, rateLimit: undefined },
  secret: undefined,
  sessionLifetime: seconds,
  consentLifetime: seconds,
  corsOrigin: maybe,
  uniqueTokens: flag,
  fetch: undefined,
  now,
  paths: { authorize: maybe },
})
export const stores = [
  memoryStore({ now, sweepEvery: seconds }),
  postgresStore({ postgres: 'postgres://localhost', table: maybe, timeout: seconds }),
  mysqlStore({ mysql: 'mysql://localhost', table: maybe, timeout: seconds }),
  redisStore({ redis: 'redis://localhost', prefix: maybe, timeout: seconds }),
  memcachedStore({ servers: 'localhost', prefix: maybe }),
  sqliteStore({ file: ':memory:', sweepEvery: seconds }),
]
export const plugin = latchkey({
  path: maybe,
  persist: maybe,
  origin: maybe,
  users: [{ sub: 'a', password: maybe }],
  clients: [{ clientId: 'b', redirectUris: undefined, clientSecret: maybe }],
  production: { issuer: 'https://id.example.com', clientId: 'app', scope: maybe, redirectUri: maybe },
  server: { sessionLifetime: seconds, hooks: { onError: undefined }, site: undefined },
})
