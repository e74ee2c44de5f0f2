import type { LogEntry, LogField } from '../network-log/log-entry.js'
import { fieldsOfJson, fieldsOfParameters, markChanges, placed } from '../network-log/masked-fields.js'
import { messageTitles } from '../network-log/message-role.js'
import { addEntry } from '../network-log/network-log.js'
import type { BackChannelReport } from './back-channel-report.js'
import type { FrontChannelReport } from './front-channel-page.js'
import type { LogoutChannelName } from './logout-report.js'
import { FRONT_CHANNEL_PATH } from './logout-paths.js'

type Entry = Pick<LogEntry, 'role' | 'kind' | 'method' | 'url'> & Partial<LogEntry>

/** The request of the server to the API, as the API has received it, and the claims of the token. @param note what the fault has changed */
export function recordBackChannel(url: string, report: BackChannelReport, note: string | undefined): void {
  const { original, isAltered, status, refusal } = report
  record({
    role: 'back-channel-logout',
    kind: 'request',
    method: 'POST',
    url,
    bodyType: 'form',
    status,
    alteration: isAltered ? note : undefined,
    sent: markChanges(tokenFields(original), tokenFields(report)),
    received: refusal === undefined ? [] : placed('body', [{ name: 'error_description', value: refusal, secret: false }]),
  })
}

/** The page that the server has opened in a hidden frame. @param note what the fault has changed */
export function recordFrontChannel({ original, sent, refusal }: FrontChannelReport, note: string | undefined): void {
  record({
    role: 'front-channel-logout',
    kind: 'navigation',
    method: 'GET',
    url: location.origin + FRONT_CHANNEL_PATH,
    alteration: note,
    sent: markChanges(queryFields(original), queryFields(sent)),
    received: fieldsOfJson(refusal === undefined ? { signedOut: true } : { error: refusal }),
  })
}

/** The tab was notified that its session has ended. */
export function recordTabEvent(channel: LogoutChannelName, eventsUrl: string): void {
  const { origin, pathname } = new URL(eventsUrl)
  record({
    role: 'logout-event',
    kind: 'callback',
    method: channel === 'back' ? 'EVENT' : 'MESSAGE',
    url: channel === 'back' ? origin + pathname : location.origin + location.pathname,
    received: [{ name: channel === 'back' ? 'event' : 'message', value: 'logout', secret: false }],
  })
}

/** The user signs out at the server, in a window of its own. */
export function recordEndSession(url: string): void {
  record({ role: 'end-session', kind: 'navigation', method: 'GET', url })
}

function tokenFields({ token, claims }: BackChannelReport['original']): readonly LogField[] {
  return [...placed('body', [{ name: 'logout_token', value: token, secret: true }]), ...fieldsOfJson(claims)]
}

function queryFields(parameters: Readonly<Record<string, string>>): readonly LogField[] {
  return placed('query', fieldsOfParameters(new URLSearchParams(parameters)))
}

function record(entry: Entry): void {
  addEntry({ ...messageTitles[entry.role], source: 'experiment', sent: [], received: [], ...entry })
}
