// Measures `verifier.verify(request)` of @latchkey/resource beside jose's `jwtVerify` of the same token with the same cached keys, in one
// run, as a ratio of CPU time; asserts nothing. Build first: npm run build
import { createTokenVerifier } from '@latchkey/resource'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'

const ISSUER = 'https://id.example.com'
const API = 'https://api.example.com'
const ROUNDS = 15
const PER_ROUND = 2000

console.log('| algorithm | verify / jwtVerify, CPU time |\n|---|---|')
for (const algorithm of ['RS256', 'ES256', 'Ed25519']) console.log(`| ${algorithm} | ${await ratioOf(algorithm)} |`)
console.log(
  `\nNode ${process.versions.node}, median of ${ROUNDS} rounds (lowest-highest), ${PER_ROUND} tokens each. The aim is at most 1.2.`,
)

/**
 * @param {string} algorithm
 * @returns {Promise<string>}
 */
async function ratioOf(algorithm) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm)
  const jwks = {
    keys: [{ ...(await exportJWK(publicKey)), kid: 'first', alg: algorithm, kty: (await exportJWK(publicKey)).kty ?? '' }],
  }
  const token = await new SignJWT({ sub: 'ada', client_id: 'spa', scope: 'orders:read orders:write', jti: 'one' })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid: 'first' })
    .setIssuer(ISSUER)
    .setAudience(API)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
  const keys = createLocalJWKSet(jwks)
  const fetch = (/** @type {string} */ url) => {
    const document = url.endsWith('/jwks') ? jwks : { issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }
    return Promise.resolve(Response.json(document))
  }
  const verifier = createTokenVerifier({ issuer: ISSUER, audience: API, fetch })
  const request = new Request(`${API}/orders`, { headers: { authorization: `Bearer ${token}` } })
  const options = {
    issuer: ISSUER,
    audience: API,
    typ: 'at+jwt',
    algorithms: [algorithm],
    requiredClaims: ['sub', 'client_id', 'iat', 'jti'],
  }
  const requirements = { scope: 'orders:read' }
  const ours = async () => {
    const verification = await verifier.verify(request, requirements)
    if (!verification.ok) throw verification.error
  }
  const theirs = () => jwtVerify(token, keys, options)
  await cpuOf(ours)
  await cpuOf(theirs)
  const ratios = []
  for (let round = 0; round < ROUNDS; round += 1) {
    // In turns, so that a busy machine slows both.
    const [first, second] = round % 2 === 0 ? [ours, theirs] : [theirs, ours]
    const [one, other] = [await cpuOf(first), await cpuOf(second)]
    ratios.push(round % 2 === 0 ? one / other : other / one)
  }
  ratios.sort((one, other) => one - other)
  const [low, middle, high] = [ratios[0], ratios[Math.floor(ROUNDS / 2)], ratios.at(-1)].map((ratio) => ratio?.toFixed(2))
  return `${middle} (${low}-${high})`
}

/**
 * @param {() => Promise<unknown>} run
 * @returns {Promise<number>} microseconds of CPU time
 */
async function cpuOf(run) {
  const before = process.cpuUsage()
  for (let index = 0; index < PER_ROUND; index += 1) await run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
