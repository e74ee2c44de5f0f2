import { fieldsOfParameters } from './masked-fields.js'
import type { LogEntry, LogField } from './log-entry.js'
import { addEntry, logEntries } from './network-log.js'
import { isEndSession, roleTexts } from './message-role.js'

type Movement = Omit<LogEntry, 'id' | 'at'>

const channelName = 'latchkey-playground:arrivals'

/** Notes the authorization request as the browser leaves with it. Handed to a client as a compliance hook; changes nothing. */
export function recordAuthorizationRequest(url: URL): URL {
  addEntry(movement(url, 'authorization-request', { sent: fieldsOfParameters(url.searchParams) }))
  return url
}

/** The same for a client of the lab. */
export function recordExperimentRequest(url: URL): URL {
  addEntry(movement(url, 'authorization-request', { sent: fieldsOfParameters(url.searchParams), source: 'lab' }))
  return url
}

/**
 * Notes the authorization response in the address of a page that has just been opened, before the client takes it away.
 * In a popup the log that wants it is the opener's, so it is told to the other windows too.
 */
export function recordAuthorizationResponse(page: Pick<Location, 'href'>): void {
  const url = new URL(page.href)
  const parameters = new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))])
  const isResponse = ['code', 'error', 'access_token', 'id_token', 'response'].some((name) => parameters.has(name))
  if (!isResponse || !parameters.has('state')) return
  const arrival = movement(url, 'authorization-response', { received: fieldsOfParameters(parameters) })
  addEntry(arrival)
  const channel = new BroadcastChannel(channelName)
  channel.postMessage(arrival)
  channel.close()
}

/** Writes down the responses that come to popups of this window. @returns a function that stops it */
export function recordPopupResponses(): () => void {
  const channel = new BroadcastChannel(channelName)
  channel.addEventListener('message', ({ data }: MessageEvent<Movement>) => {
    const state = fieldValue(data.received, 'state')
    const departure = logEntries().find((entry) => entry.kind === 'departure' && fieldValue(entry.sent, 'state') === state)
    if (departure) addEntry({ ...data, source: departure.source })
  })
  return () => channel.close()
}

/** Writes down that the browser goes to the server's sign-out page. @returns a function that stops it */
export function recordSignOuts(): () => void {
  const ended = new AbortController()
  // Not in every browser: there the way to the sign-out page is missing from the log, and nothing else.
  const pageNavigation: Navigation | undefined = window.navigation
  pageNavigation?.addEventListener('navigate', recordSignOut, { signal: ended.signal })
  return () => ended.abort()
}

function recordSignOut(event: NavigateEvent): void {
  const url = new URL(event.destination.url)
  if (isEndSession(url.origin + url.pathname))
    addEntry(movement(url, 'end-session', { sent: fieldsOfParameters(url.searchParams) }))
}

function movement(url: URL, role: LogEntry['role'], fields: Partial<Pick<LogEntry, 'sent' | 'received' | 'source'>>): Movement {
  const kind = role === 'authorization-response' ? 'arrival' : 'departure'
  return {
    ...roleTexts[role],
    role,
    kind,
    source: 'app',
    method: 'GET',
    url: url.origin + url.pathname,
    sent: [],
    received: [],
    ...fields,
  }
}

function fieldValue(fields: readonly LogField[], name: string): string | undefined {
  return fields.find((field) => field.name === name)?.value
}
