import { createTestServer, type TestServer } from '@latchkey/react/testing'

/** The server of all recipes: two users, and the API of the app. */
export function createServer(): TestServer {
  return createTestServer({
    issuer: 'https://id.example.com',
    resources: ['https://api.example.com/'],
    users: [
      { sub: 'alice', name: 'Alice' },
      { sub: 'bob', name: 'Bob' },
    ],
    api: (_request, { sub }) => Response.json(sub === 'alice' ? ['tea', 'coffee'] : ['milk']),
  })
}
