// The flows that are measured. Each gets a user's browser, signs in once, and returns the operation to repeat.
import { createHash, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { PUBLIC_CLIENT, REDIRECT_URI, SCOPE, SERVICE, USER } from './clients.mjs'

/** @typedef {import('./http-client.mjs').HttpClient} HttpClient */
/** @typedef {Record<string, string>} Endpoints the server metadata */
/** @typedef {() => Promise<unknown>} Operation */
/** @typedef {{ name: string, prepare: (client: HttpClient, endpoints: Endpoints) => Promise<Operation> }} Flow */

const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const BASIC = {
  authorization: `Basic ${Buffer.from(`${SERVICE.id}:${encodeURIComponent(SERVICE.secret).replaceAll('%20', '+')}`).toString('base64')}`,
}

/** @param {import('./http-client.mjs').Reply} reply */
function json(reply) {
  if (reply.status > 201) throw new Error(`status ${reply.status}: ${reply.text}`)
  return JSON.parse(reply.text)
}

function authorizationRequest() {
  return new URLSearchParams({
    client_id: PUBLIC_CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: SCOPE,
    state: randomUUID(),
    nonce: randomUUID(),
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  })
}

/**
 * Follows redirects until the browser is sent to the client, and signs the user in where a page asks for it.
 *
 * @param {HttpClient} client
 * @param {string} start
 * @returns {Promise<string>} the code
 */
async function authorize(client, start) {
  let url = start
  let reply = await client.send(url)
  for (let step = 0; step < 8; step += 1) {
    if (reply.location?.startsWith(REDIRECT_URI)) {
      const code = new URL(reply.location).searchParams.get('code')
      if (code === null) throw new Error(reply.location)
      return code
    }
    if (reply.location !== undefined) {
      url = new URL(reply.location, url).href
      reply = await client.send(url)
    } else {
      const [, csrf = ''] = /name="csrf" value="([^"]+)"/.exec(reply.text) ?? []
      if (csrf === '') throw new Error(`status ${reply.status}: ${reply.text}`)
      const body = new URLSearchParams({ csrf, action: 'sign-in', username: USER.id, password: USER.password })
      reply = await client.send(url, { body, headers: { origin: new URL(url).origin } })
    }
  }
  throw new Error('the sign-in does not end')
}

/**
 * @param {HttpClient} client
 * @param {Endpoints} endpoints
 * @param {{ parameters?: URLSearchParams, headers?: Record<string, string> }} [options]
 */
async function codeFlow(client, { authorization_endpoint, token_endpoint }, options = {}) {
  const { parameters = authorizationRequest(), headers = {} } = options
  const code = await authorize(client, `${authorization_endpoint}?${parameters}`)
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: PUBLIC_CLIENT,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: VERIFIER,
  })
  return json(await client.send(token_endpoint ?? '', { body, headers }))
}

/** @param {string} url */
function createProver(url) {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  const header = encode({ typ: 'dpop+jwt', alg: 'ES256', jwk })
  return () => {
    const payload = encode({ jti: randomUUID(), htm: 'POST', htu: url, iat: Math.floor(Date.now() / 1000) })
    const input = `${header}.${payload}`
    const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
    return `${input}.${signature.toString('base64url')}`
  }
}

/** @param {object} value */
function encode(value) {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** @type {readonly Flow[]} */
export const FLOWS = [
  {
    name: 'authorize + code + PKCE',
    async prepare(client, endpoints) {
      await codeFlow(client, endpoints)
      return () => codeFlow(client, endpoints)
    },
  },
  {
    name: 'refresh with rotation',
    async prepare(client, endpoints) {
      let { refresh_token } = await codeFlow(client, endpoints)
      return async () => {
        const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: PUBLIC_CLIENT, refresh_token })
        refresh_token = json(await client.send(endpoints.token_endpoint ?? '', { body })).refresh_token
      }
    },
  },
  {
    name: 'client credentials',
    async prepare(client, { token_endpoint = '' }) {
      const body = 'grant_type=client_credentials&scope=api'
      return async () => json(await client.send(token_endpoint, { body, headers: BASIC }))
    },
  },
  {
    name: 'introspection',
    async prepare(client, endpoints) {
      const { access_token } = await codeFlow(client, endpoints)
      const body = new URLSearchParams({ token: access_token })
      return async () => {
        const { active } = json(await client.send(endpoints.introspection_endpoint ?? '', { body, headers: BASIC }))
        if (active !== true) throw new Error('the token is inactive')
      }
    },
  },
  {
    name: 'UserInfo',
    async prepare(client, endpoints) {
      const { access_token } = await codeFlow(client, endpoints)
      const headers = { authorization: `Bearer ${access_token}` }
      return async () => json(await client.send(endpoints.userinfo_endpoint ?? '', { headers }))
    },
  },
  {
    name: 'discovery + keys',
    async prepare(client, { issuer, jwks_uri = '' }) {
      return async () => {
        json(await client.send(`${issuer}/.well-known/openid-configuration`))
        json(await client.send(jwks_uri))
      }
    },
  },
  {
    name: 'PAR + code',
    async prepare(client, endpoints) {
      await codeFlow(client, endpoints)
      return async () => {
        const pushed = await client.send(endpoints.pushed_authorization_request_endpoint ?? '', { body: authorizationRequest() })
        const { request_uri } = json(pushed)
        await codeFlow(client, endpoints, { parameters: new URLSearchParams({ client_id: PUBLIC_CLIENT, request_uri }) })
      }
    },
  },
  {
    name: 'code with DPoP',
    async prepare(client, endpoints) {
      const prove = createProver(endpoints.token_endpoint ?? '')
      return async () => {
        const { token_type } = await codeFlow(client, endpoints, { headers: { dpop: prove() } })
        if (token_type !== 'DPoP') throw new Error('the token is not bound')
      }
    },
  },
]
