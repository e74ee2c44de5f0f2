// Our server, over one of its stores. LATCHKEY_DIST names a folder with another build of it, to compare two versions.
import { pathToFileURL } from 'node:url'
import { PUBLIC_CLIENT, REDIRECT_URI, SERVICE, signingKey, USER } from './clients.mjs'

/**
 * @param {string} entry
 * @returns {Promise<any>}
 */
function load(entry) {
  const folder = process.env.LATCHKEY_DIST
  if (folder === undefined) return import(entry === 'index' ? '@latchkey/server' : `@latchkey/server/${entry}`)
  return import(pathToFileURL(`${folder}/${entry}.js`).href)
}

/**
 * @param {string} name
 * @param {string} url
 * @returns {Promise<import('@latchkey/server').AtomicStore>}
 */
async function createStore(name, url) {
  if (name === 'redis') return (await load('redis')).redisStore({ redis: url })
  if (name === 'postgres') return (await load('postgres')).postgresStore({ postgres: url })
  if (name === 'sqlite') return (await load('sqlite')).sqliteStore({ file: url })
  return (await load('index')).memoryStore()
}

/**
 * @param {string} issuer
 * @param {{ store: string, url: string }} options
 * @returns {Promise<import('@latchkey/server/node').NodeHandler>}
 */
export async function latchkey(issuer, { store, url }) {
  const entry = await load('index')
  const { toNodeHandler } = await load('node')
  const server = entry.createAuthorizationServer({
    issuer,
    clients: [
      {
        clientId: PUBLIC_CLIENT,
        redirectUris: [REDIRECT_URI],
        grantTypes: ['authorization_code', 'refresh_token'],
        idTokenSignedResponseAlg: 'ES256',
      },
      { clientId: SERVICE.id, clientSecret: SERVICE.secret, redirectUris: [], tokenEndpointAuthMethod: 'client_secret_basic' },
    ],
    grants: [entry.authorizationCode(), entry.refreshToken(), entry.clientCredentials({ scopes: ['api'] })],
    site: entry.userSite({
      users: [{ sub: USER.id, username: USER.id, password: USER.password, claims: { email: USER.email, email_verified: true } }],
    }),
    keys: [await signingKey()],
    secret: new Uint8Array(32).fill(7),
    stores: entry.storesOver(await createStore(store, url)),
  })
  return toNodeHandler(server)
}
