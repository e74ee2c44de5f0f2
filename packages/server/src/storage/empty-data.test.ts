import { expect, it } from 'vitest'
import { accessTokenStore } from './access-token-store.js'
import { memoryStore } from './memory-store.js'

const RECORD = { token: 'digest', clientId: 'web', grantType: 'client_credentials', scope: [], families: ['f'], issuedAt: 1 }

it.each([{}, { key: 'value' }])('a token has its data, which is stored if it is not empty: %j', async (data) => {
  const store = memoryStore()
  const tokens = accessTokenStore(store)
  await tokens.saveToken({ ...RECORD, data })
  const stored = await store.get<object>('token:digest')
  expect(stored !== undefined && 'data' in stored).toBe(Object.keys(data).length > 0)
  expect((await tokens.findByToken('digest'))?.data).toEqual(data)
})
