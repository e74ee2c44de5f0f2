import { describe, expect, it } from 'vitest'
import { testServer } from '../../server/test-server.fixture.js'
import { authorizationCode } from './authorization-code.js'
import type { Grant } from './grant.js'
import { hybrid } from './hybrid.js'
import { implicit } from './implicit.js'

const create = (grant: Partial<Grant>): Promise<unknown> => testServer({ grants: [{ expiresIn: 60, ...grant } as Grant] })

describe('a grant', () => {
  it.each(['cod', 'code tokens', 'id_token code device', '', 'code code', 'none code'])(
    'is refused with the unknown response type "%s" when the server is created',
    async (responseType) => {
      await expect(create({ responseTypes: ['code', responseType] })).rejects.toThrow(/^grants: .*response type/)
    },
  )

  it('is refused with the unknown response type of a feature too', async () => {
    const grant = { expiresIn: 60, grantType: 'x', responseTypes: ['cod'], handle: () => Promise.reject(new Error()) }
    await expect(testServer({ features: [{ name: 'x', grant }] })).rejects.toThrow(/"cod".*Did you mean "code"/)
  })

  it('is accepted with the known response types, in any order of their words', async () => {
    await expect(create({ responseTypes: ['token id_token', 'code id_token', 'none'] })).resolves.toBeDefined()
    await expect(testServer({ grants: [authorizationCode(), implicit(), hybrid()] })).resolves.toBeDefined()
  })

  it('is refused if it does nothing, or is the function that creates it', async () => {
    await expect(create({ grantType: 'urn:x' })).rejects.toThrow(/^grants: .*"handle"/)
    await expect(create({})).rejects.toThrow(/^grants: /)
    await expect(testServer({ grants: [authorizationCode as unknown as Grant] })).rejects.toThrow(/authorizationCode\(\)/)
  })
})
