import { isRecord } from '../../http/is-record.js'
import { checkMembers, type MembersOf } from '../../options/check-members.js'
import { isSeconds } from '../../site/check-site-result.js'
import type { Issue } from '../issue.js'
import type { IssueDecision } from './create-issue.js'
import { checkLifetime, lifetimeOf, type Grant } from './grant.js'

const MEMBERS: MembersOf<IssueDecision> = {
  userId: true,
  data: true,
  withRefreshToken: true,
  withoutIdToken: true,
  expiresIn: true,
  sid: true,
  nonce: true,
  authTime: true,
  acr: true,
  amr: true,
  claims: true,
  more: true,
  scope: true,
}

/** Throws a TypeError for a decision of a custom grant that would be ignored or would issue other tokens than meant. */
export function checkIssueDecision(decision: IssueDecision): void {
  checkMembers(decision, MEMBERS, { name: 'createIssue' })
  const { userId, expiresIn, authTime } = decision
  if (userId !== undefined && (typeof userId !== 'string' || userId === ''))
    throw new TypeError('createIssue: "userId" must be a string that is not empty, or undefined if no user is involved')
  if (authTime !== undefined && !isSeconds(authTime))
    throw new TypeError('createIssue: "authTime" must be in seconds since the epoch, not in milliseconds')
  checkLifetime(expiresIn, 'createIssue: "expiresIn"')
}

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
