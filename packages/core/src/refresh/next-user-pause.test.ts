import { expect, it } from 'vitest'
import { settled } from '../platform/settled.fixture.js'
import { countOf, createClientBench, type ClientBench } from '../client/client.fixture.js'
import { sharedStorage, type SharedStorage } from '../storage/shared-storage.fixture.js'

const bad = 'https://bad.example/'

/** A client whose server has failed for one resource and for the session's own token, and is about to respond to a refresh. */
async function refreshing(): Promise<ClientBench & { readonly storage: SharedStorage; readonly respond: () => void }> {
  const storage = sharedStorage()
  const bench = await createClientBench({ storage, resources: ['https://api.example/', { url: bad, resource: bad }] })
  const { client, server } = bench
  await client.login()
  const failing = { respond: ({ url }: Request) => (url.endsWith('/token') ? new Response(null, { status: 500 }) : undefined) }
  server.faults = failing
  for (const call of [() => client.fetch(bad), () => client.fetch(bad), () => client.refresh()])
    await expect(call()).rejects.toMatchObject({ code: 'server_error' })
  let resolve = (): void => undefined
  const promise = new Promise<undefined>((settle) => (resolve = () => settle(undefined)))
  server.faults = { respond: ({ url }) => (url.endsWith('/token') ? promise : undefined) }
  return {
    ...bench,
    storage,
    respond() {
      // Its nonce would be that of the next sign-in.
      const token = { id_token: undefined }
      server.faults = { token, respond: ({ url }) => (url.startsWith(bad) ? new Response('ok') : undefined) }
      resolve()
    },
  }
}

it('the pauses of a session are not stored again by a refresh that ends after the sign-out', async () => {
  const { client, storage, respond } = await refreshing()
  const former = client.refresh().catch(() => undefined)
  await settled()
  await client.logout({ local: true })
  respond()
  await former
  await settled()
  expect([...storage.values.keys()].filter((key) => key.endsWith('/pause'))).toEqual([])
})

it('the pauses of a session do not stop the calls of the next user, after a refresh that ends in the next session', async () => {
  const { client, server, respond } = await refreshing()
  const former = client.refresh().catch(() => undefined)
  await settled()
  await client.logout({ local: true })
  const { faults } = server
  server.faults = {}
  await client.login()
  server.faults = faults
  respond()
  await former
  await settled()
  const before = countOf(server, 'POST /token')
  expect((await client.fetch(bad)).ok).toBe(true)
  expect(countOf(server, 'POST /token') - before).toBe(1)
})
