// Measures the memory of a client credentials token beside oidc-provider, in one run: both in the memory of a process of its own. The
// adapter of oidc-provider for memory forgets all but the last 2,000 entries, so it gets one that keeps the same values in a Map.
// Build first: npm run build; then node test/bench/server/memory.mjs
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const ISSUER = 'http://127.0.0.1:3000'
const CLIENT = { id: 'bench', secret: 'a secret of more than thirty-two bytes' }
/** A Map doubles its room when it is full: from one doubling to the next, it grows evenly. */
const BEFORE = 17_000
const AFTER = 66_000

/** @returns {Promise<() => Promise<unknown>>} a function that issues a token */
async function latchkey() {
  const { clientCredentials, createAuthorizationServer, memoryStore, storesOver, userSite } = await import('@latchkey/server')
  const server = createAuthorizationServer({
    issuer: ISSUER,
    clients: [{ clientId: CLIENT.id, clientSecret: CLIENT.secret, redirectUris: [] }],
    grants: [clientCredentials({ scopes: ['api'] })],
    site: userSite({ users: [] }),
    stores: storesOver(memoryStore()),
  })
  const credentials = { client_id: CLIENT.id, client_secret: CLIENT.secret }
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'api', ...credentials }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  return async () => {
    const response = await server.fetch(new Request(`${ISSUER}/token`, { method: 'POST', body, headers }))
    if (response.status !== 200) throw new Error(await response.text())
  }
}

/** @type {Map<string, { value: unknown, expiresAt: number }>} */
const entries = new Map()

class MapAdapter {
  /** @param {string} name */
  constructor(name) {
    this.name = name
  }
  /**
   * @param {string} id
   * @param {unknown} value
   * @param {number} expiresIn
   */
  async upsert(id, value, expiresIn) {
    entries.set(`${this.name}:${id}`, { value, expiresAt: Date.now() + expiresIn * 1000 })
  }
  /** @param {string} id */
  async find(id) {
    return entries.get(`${this.name}:${id}`)?.value
  }
}

/** @returns {Promise<() => Promise<unknown>>} a function that issues a token */
async function oidcProvider() {
  console.warn = () => undefined
  const { default: Provider } = await import('oidc-provider')
  const provider = new Provider(ISSUER, {
    adapter: /** @type {any} */ (MapAdapter),
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
      },
    ],
    scopes: ['api'],
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    ttl: { ClientCredentials: 3600 },
  })
  const client = await provider.Client.find(CLIENT.id)
  if (!client) throw new Error('no client')
  return () => new provider.ClientCredentials({ client, scope: 'api' }).save()
}

/** @param {() => Promise<unknown>} issue */
async function bytesPerToken(issue) {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
  const heap = () => {
    collect()
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  for (let count = 0; count < BEFORE; count += 1) await issue()
  const before = heap()
  for (let count = BEFORE; count < AFTER; count += 1) await issue()
  return Math.round((heap() - before) / (AFTER - BEFORE))
}

const SUBJECTS = { latchkey, 'oidc-provider': oidcProvider }
const name = process.argv[2]
if (name === 'latchkey' || name === 'oidc-provider') {
  console.log(await bytesPerToken(await SUBJECTS[name]()))
  process.exit()
}
for (const subject of Object.keys(SUBJECTS)) {
  const bytes = execFileSync(process.execPath, [fileURLToPath(import.meta.url), subject], { encoding: 'utf8' })
  console.log(`${subject}: ${bytes.trim()} bytes for each token`)
}
