import { isRecord } from '@latchkey/resource/internals'
import type { Issue } from '../issue.js'
import { lifetimeOf, type Grant } from './grant.js'

/** Returns what the `handle` of a grant has returned. Throws a TypeError that names the grant for anything else. */
export function checkIssue(issue: unknown, grant: Pick<Grant, 'grantType' | 'expiresIn'>): Issue {
  const handle = `grants: "handle" of "${grant.grantType}" must return`
  if (!isIssue(issue)) throw new TypeError(`${handle} what to issue, such as createIssue(request, { userId })`)
  const expiresIn = issue.expiresIn === undefined ? (lifetimeOf(grant) ?? null) : issue.expiresIn
  // The token of an exchange may have less than a second left.
  if (expiresIn !== null && !(Number.isFinite(expiresIn) && expiresIn >= 0))
    throw new TypeError(`${handle} an "expiresIn" in seconds, or null for tokens that never expire`)
  return { ...issue, expiresIn }
}

function isIssue(issue: unknown): issue is Issue {
  return isRecord(issue) && isRecord(issue['client']) && Array.isArray(issue['scope']) && Array.isArray(issue['families'])
}
