// An adapter of oidc-provider for Redis, as the example in its repository does it: a hash with a payload for what is used once,
// text for the rest, and lists of keys by grant. It uses the same client as our store.
import { createClient } from '@redis/client'

/** Models that are marked as used. */
const CONSUMABLE = new Set([
  'AuthorizationCode',
  'RefreshToken',
  'DeviceCode',
  'BackchannelAuthenticationRequest',
  'PushedAuthorizationRequest',
])
/** Models that end with their grant. */
const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode', 'BackchannelAuthenticationRequest'])

/**
 * @param {string} url
 * @returns {Promise<import('oidc-provider').AdapterFactory>}
 */
export async function redisAdapter(url) {
  const client = /** @type {import('@redis/client').RedisClientType} */ (createClient({ url }))
  await client.connect()
  return (name) => adapterOf(name, client)
}

/**
 * @param {string} name
 * @param {import('@redis/client').RedisClientType} client
 * @returns {import('oidc-provider').Adapter}
 */
function adapterOf(name, client) {
  const keyOf = (/** @type {string} */ id) => `oidc:${name}:${id}`
  const grantKey = (/** @type {string} */ id) => `oidc:grant:${id}`
  return {
    async upsert(id, payload, expiresIn = 86_400) {
      const key = keyOf(id)
      const multi = client.multi()
      if (CONSUMABLE.has(name)) multi.hSet(key, { payload: JSON.stringify(payload) })
      else multi.set(key, JSON.stringify(payload))
      multi.expire(key, expiresIn)
      if (GRANTABLE.has(name) && payload.grantId)
        multi.rPush(grantKey(payload.grantId), key).expire(grantKey(payload.grantId), expiresIn)
      if (payload.uid) multi.set(`oidc:uid:${payload.uid}`, id).expire(`oidc:uid:${payload.uid}`, expiresIn)
      await multi.exec()
    },
    async find(id) {
      if (!CONSUMABLE.has(name)) return parse(await client.get(keyOf(id)))
      const { payload, ...rest } = await client.hGetAll(keyOf(id))
      return payload === undefined ? undefined : { consumed: rest['consumed'], ...JSON.parse(payload) }
    },
    async findByUid(uid) {
      const id = await client.get(`oidc:uid:${uid}`)
      return id === null ? undefined : this.find(id)
    },
    findByUserCode: () => Promise.resolve(undefined),
    async consume(id) {
      await client.hSet(keyOf(id), 'consumed', Math.floor(Date.now() / 1000))
    },
    async destroy(id) {
      await client.del(keyOf(id))
    },
    async revokeByGrantId(grantId) {
      const keys = await client.lRange(grantKey(grantId), 0, -1)
      await client.del([...keys, grantKey(grantId)])
    },
  }
}

/** @param {string | null} text */
function parse(text) {
  return text === null ? undefined : JSON.parse(text)
}
