import type { Alteration } from '../faults/alteration.js'
import { alteredResponse, alterResponseTo, responseParameters, stateOf } from '../faults/altered-response.js'
import { fieldsOfParameters, markChanges, placed } from './masked-fields.js'
import type { LogEntry, LogField } from './log-entry.js'
import { addEntry, logEntries } from './network-log.js'
import { isEndSession, isOAuth1Authorization, messageTitles } from './message-role.js'

type NewEntry = Omit<LogEntry, 'id' | 'at'>

/** What a popup sends to the window that opened it. */
interface PopupResponse {
  /** Of the request; undefined in OAuth 1.0a. A signed response has it inside. */
  readonly state: string | undefined
  readonly entry: NewEntry
}

const channelName = 'latchkey-playground:callbacks'

/** Records the authorization request. Passed to the client as a compliance hook; returns the URL unchanged. */
export function recordAuthorizationRequest(url: URL): URL {
  addEntry(navigationEntry(url, 'authorization-request', { sent: fieldsOfQuery(url) }))
  return url
}

/** Does the same for the client of an experiment. @param alteration changes the URL after this; the log shows the changed URL */
export function recordExperimentRequest(url: URL, alteration?: Alteration): URL {
  const original = fieldsOfQuery(url)
  const sent = alteration?.navigate ? markChanges(original, fieldsOfQuery(alteration.navigate(url))) : original
  const note = alteration?.navigate && alteration.note
  if (alteration?.callback) alterResponseTo(url, alteration.callback, alteration.note)
  addEntry(navigationEntry(url, 'authorization-request', { sent, source: 'experiment', alteration: note }))
  return url
}

function fieldsOfQuery({ searchParams }: URL): readonly LogField[] {
  return placed('query', fieldsOfParameters(searchParams))
}

/** Records that the browser opens the page where a user allows the access (OAuth 1.0a). @returns the URL unchanged */
export function recordOAuth1Request(url: URL): URL {
  addEntry(navigationEntry(url, 'oauth1-authorization', { sent: fieldsOfQuery(url), source: 'experiment' }))
  return url
}

/**
 * Records the authorization response in the URL of this page before the client removes it. A popup also sends it to the window that
 * opened it, whose log is the one that is shown.
 */
export function recordAuthorizationResponse(page: Pick<Location, 'href'>): void {
  const url = new URL(page.href)
  const parameters = responseParameters(url)
  const isResponse = hasResponse(url)
  const isOAuth1 = parameters.has('oauth_token')
  const state = stateOf(url)
  if (!isOAuth1 && (!isResponse || state === undefined)) return
  const altered = alteredResponse(url)
  if (altered) history.replaceState(history.state, '', altered.url)
  const received = markChanges(fieldsOfResponse(url), fieldsOfResponse(altered?.url ?? url))
  const entry = isOAuth1
    ? navigationEntry(url, 'oauth1-callback', { received, source: 'experiment' })
    : navigationEntry(url, 'authorization-response', { received, alteration: altered?.note })
  addEntry(entry)
  const channel = new BroadcastChannel(channelName)
  channel.postMessage({ state: isOAuth1 ? undefined : state, entry } satisfies PopupResponse)
  channel.close()
}

/** @returns whether the URL has an authorization response of OAuth 2.x, in its query or fragment */
export function hasResponse(url: URL): boolean {
  const parameters = responseParameters(url)
  return ['code', 'error', 'access_token', 'id_token', 'response'].some((name) => parameters.has(name))
}

function fieldsOfResponse(url: URL): readonly LogField[] {
  return [...fieldsOfQuery(url), ...placed('fragment', fieldsOfParameters(new URLSearchParams(url.hash.slice(1))))]
}

/** Records an authorization response that the client of an experiment receives without a navigation of this page. */
export function recordExperimentResponse(url: URL): void {
  addEntry(navigationEntry(url, 'authorization-response', { received: fieldsOfQuery(url), source: 'experiment' }))
}

/** Records the responses that popups of this window receive. @returns a function that stops recording */
export function recordPopupResponses(): () => void {
  const channel = new BroadcastChannel(channelName)
  channel.addEventListener('message', ({ data: { state, entry } }: MessageEvent<PopupResponse>) => {
    const name = entry.role === 'oauth1-callback' ? 'oauth_token' : 'state'
    const value = state ?? fieldValue(entry.received, name)
    const request = logEntries().find(({ kind, sent }) => kind === 'navigation' && fieldValue(sent, name) === value)
    if (request) addEntry({ ...entry, source: request.source, run: request.run, runTitle: request.runTitle })
  })
  return () => channel.close()
}

/** Records navigations that no client reports: to the end session endpoint, and of OAuth 1.0a. @returns a function that stops recording */
export function recordOtherNavigations(): () => void {
  const controller = new AbortController()
  // Without the Navigation API, the log lacks the sign-out request; nothing else depends on it.
  const pageNavigation: Navigation | undefined = window.navigation
  pageNavigation?.addEventListener('navigate', recordNavigation, { signal: controller.signal })
  return () => controller.abort()
}

function recordNavigation(event: NavigateEvent): void {
  const url = new URL(event.destination.url)
  if (isOAuth1Authorization(url)) recordOAuth1Request(url)
  if (isEndSession(url.origin + url.pathname)) addEntry(navigationEntry(url, 'end-session', { sent: fieldsOfQuery(url) }))
}

function navigationEntry(
  url: URL,
  role: LogEntry['role'],
  fields: Partial<Pick<LogEntry, 'sent' | 'received' | 'source' | 'alteration'>>,
): NewEntry {
  const kind = role === 'authorization-response' || role === 'oauth1-callback' ? 'callback' : 'navigation'
  return {
    ...messageTitles[role],
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
