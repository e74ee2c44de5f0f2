import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, it } from 'vitest'
import { changeToken, createExampleToken, type TokenChange } from './token-changes.js'
import { decodeToken, verifySteps } from './verify-steps.js'

const issuer = 'https://id.example.com'
const { privateKey, publicKey } = await generateKeyPair('RS256')
const keys = [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }]

async function failedSteps(token: string): Promise<readonly string[]> {
  const decoded = decodeToken(token)
  if (!decoded) throw new Error('unreadable')
  const steps = await verifySteps(token, decoded, { issuer, audience: 'app', keys, now: Date.now() })
  return steps.filter(({ state }) => state === 'failed').map(({ title }) => title)
}

it.each<readonly [TokenChange | undefined, readonly string[]]>([
  [undefined, []],
  ['claim', ['The signature is valid']],
  ['none', ['The algorithm is permitted', 'The server publishes the key']],
  ['key', ['The signature is valid']],
])('a token with the change %s fails: %j', async (change, expected) => {
  const token = await new SignJWT({ iss: issuer, aud: 'app', sub: 'ada' })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(privateKey)
  expect(await failedSteps(change ? await changeToken(token, change) : token)).toEqual(expected)
})

it('an example fails because its key is unknown', async () => {
  expect(await failedSteps(await createExampleToken(issuer, 'app'))).toEqual(['The server publishes the key'])
})
