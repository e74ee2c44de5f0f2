import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { registerClient } from '@latchkey/core/endpoints'
import { builtInConnection } from '../connection/built-in-connection.js'
import type { Fault } from '../faults/fault.js'
import { NO_FAULT } from '../faults/use-fault.js'
import { experimentFetch } from '../network-log/logging-fetch.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
import type { LogoutChannelName, LogoutReport } from './logout-report.js'
import { listenToApi, listenToFrame } from './logout-reports.js'
import { deleteFrontChannelDemo, saveFrontChannelDemo } from './front-channel-page.js'
import { FRONT_CHANNEL_PATH, LOGOUT_API_PATH } from './logout-paths.js'
import { recordTabEvent } from './record-logout.js'

/** A client that the page has registered, with a user who is signed in. */
export interface LogoutSession {
  readonly client: OAuthClient
  readonly channel: LogoutChannelName
  /** The stream of `useBackChannelLogout()`. */
  readonly eventsUrl: string
  /** Says which fault the next logout message will have. */
  readonly prepare: (fault: Fault | undefined) => Promise<void>
  /** @returns a function that stops listening */
  readonly onReport: (listener: (report: LogoutReport) => void) => () => void
  /** Signs out here, and forgets the client. */
  readonly close: () => void
}

const NAME = 'logout page'

/**
 * Registers a client at the built-in server with an address for logout messages, and signs in. Another server could not reach this
 * computer.
 *
 * @param popup opened inside the click, because the registration takes time
 */
export async function createLogoutSession(channel: LogoutChannelName, popup: Window | null): Promise<LogoutSession> {
  const { issuer } = builtInConnection
  const id = crypto.randomUUID()
  const apiUrl = `${location.origin}${LOGOUT_API_PATH}/${id}`
  const logoutUri =
    channel === 'back'
      ? { backchannel_logout_uri: apiUrl }
      : { frontchannel_logout_uri: `${location.origin}${FRONT_CHANNEL_PATH}?demo=${id}` }
  const { client_id: clientId } = await register(issuer, logoutUri)
  let note: string | undefined
  const prepare = async (chosen: Fault | undefined): Promise<void> => {
    note = chosen?.alteration?.note
    const fault = chosen?.id ?? NO_FAULT
    if (channel === 'front') saveFrontChannelDemo(id, { issuer, clientId, name: NAME, fault })
    else await fetch(apiUrl, { method: 'PUT', body: JSON.stringify({ clientId, fault }) })
  }
  await prepare(undefined)
  const reports = channel === 'back' ? listenToApi(apiUrl, () => note) : listenToFrame(id, () => note)
  const client = createClient(issuer, clientId, popup)
  const close = (): void => {
    reports.close()
    deleteFrontChannelDemo(id)
    void client
      .logout({ local: true })
      .catch(() => undefined)
      .then(() => client.close())
  }
  try {
    await client.login({ transport: 'popup' })
  } catch (error) {
    close()
    throw error
  }
  const eventsUrl = `${apiUrl}/events?sid=${encodeURIComponent(String(client.getSnapshot().claims?.['sid']))}`
  client.on('signed-out', ({ reason }) => reason !== 'session-ended' && recordTabEvent(channel, eventsUrl))
  return { client, channel, eventsUrl, prepare, onReport: reports.listen, close }
}

function register(issuer: string, logoutUri: Readonly<Record<string, string>>) {
  return registerClient(
    { issuer, fetch: experimentFetch },
    {
      client_name: 'Logout demo app',
      redirect_uris: [`${location.origin}/`],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...logoutUri,
    },
  )
}

/** The session is stored as in an app: the page in the frame must find it. */
function createClient(issuer: string, clientId: string, popup: Window | null): OAuthClient {
  return createOAuthClient({
    issuer,
    clientId,
    scope: 'openid profile',
    redirectUri: `${location.origin}/`,
    name: NAME,
    fetch: experimentFetch,
    compliance: { authorizationRequest: (url) => recordExperimentRequest(url) },
    environment: { openWindow: () => popup },
  })
}
