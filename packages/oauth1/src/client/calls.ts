import type { CallingClient } from './calling-client.js'
import { credentialsOf } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import { requestTemporary, requestToken } from './legs.js'
import type { OtherCallName } from './other-calls.js'
import { createSignedFetch } from './signed-fetch.js'

/** Makes a call of a client, by its name. */
export async function makeCall(
  client: CallingClient,
  name: OtherCallName | 'fetch',
  given: readonly unknown[],
): Promise<unknown> {
  if (name !== 'fetch') return (await loadRare()).callOther(client, LEGS, name, given)
  return fetchOf(client)(...(given as Parameters<typeof fetch>))
}

/** What the other calls need of this chunk. */
const LEGS = { requestTemporary, requestToken, fetchOf } as const

/** @see OAuth1Client.fetch */
export function fetchOf({ config, parts: { restored, session }, signal }: CallingClient): typeof fetch {
  const { token } = config.options
  const credentials = async () => (token === undefined ? restored().then(() => credentialsOf(session.state.tokenSet)) : token)
  return createSignedFetch(config, credentials, signal)
}
