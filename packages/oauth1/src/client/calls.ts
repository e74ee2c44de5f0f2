import type { CallingClient } from './calling-client.js'
import { credentialsOf } from './credentials.js'
import { loadRare } from './lazy-rare.js'
import { requestTemporary, requestToken } from './legs.js'
import type { OtherCalls } from './other-calls.js'
import { createSignedFetch } from './signed-fetch.js'

/** Loads the calls besides `login`, `logout` and `fetch`, which need the requests of this chunk. */
export async function loadOthers(client: CallingClient): Promise<OtherCalls> {
  return (await loadRare()).createOtherCalls(client, { requestTemporary, requestToken, fetchOf })
}

/** @see OAuth1Client.fetch */
export function fetchOf({ config, parts: { restored, session }, signal }: CallingClient): typeof fetch {
  const { token } = config.options
  const credentials = async () => (token === undefined ? restored().then(() => credentialsOf(session.state.tokenSet)) : token)
  return createSignedFetch(config, credentials, signal)
}
