// cspell:disable
import { describe, expect, it } from 'vitest'
import { ISSUER, testServer } from '../../server/test-server.fixture.js'
import { clientStore } from '../../storage/client-store.js'
import { memoryStore } from '../../storage/memory-store.js'
import { registration } from './registration.js'

async function register(name: string): Promise<number> {
  const features = [registration({ reservedNames: ['Google', 'Example Bank'] })]
  const { server } = await testServer({ clients: clientStore(memoryStore()), features })
  const body = JSON.stringify({ redirect_uris: ['https://a.example/'], client_name: name })
  const headers = { 'content-type': 'application/json' }
  return (await server.fetch(new Request(`${ISSUER}/register`, { method: 'POST', body, headers }))).status
}

describe('a name that a stranger registers', () => {
  it.each([
    ...['ɡoogle', 'Gᴏogle', 'Exɑmple Bank', 'Example Bᴀnk', 'ᴇxample bank', 'Exampſe Bank', 'Gꝏgle', 'G੦੦gle', 'ꓖoogle'],
    ...['Example Bankʼ', 'ʹGoogle', 'Example\u2003\u2003Bank', 'Other  name', 'Examplɛ Bank'],
  ])('does not imitate a reserved one: %s', async (name) => {
    expect(await register(name)).toBe(400)
  })

  it.each(['Notes', 'Größe 2', 'Ŋutilã', 'Ɛʋegbe', 'Kahoʻolawe', '株式会社　例', 'تطبيق ٣', 'Пример 3', '２ apps'])(
    'may be one of an ordinary app: %s',
    async (name) => {
      expect(await register(name)).toBe(201)
    },
  )
})
