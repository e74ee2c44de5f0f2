import { isRecord } from '@latchkey/resource/internals'
import { isSeconds } from '../http/is-seconds.js'
import type { AuthenticatedUser, Page } from './site-adapter.js'

/** Returns the user that a method of the site returned. Throws a TypeError that names the method for anything else. */
export function checkUser(user: unknown, method: string): AuthenticatedUser | undefined {
  if (user === undefined || user === null) return undefined
  if (!isRecord(user)) throw wrongResult(method, 'an object with "userId", or undefined if no user is signed in', user)
  const { userId, authTime } = user
  if (typeof userId !== 'string' || userId === '') {
    const actual = userId === undefined ? 'an object without it' : `"userId" is ${describe(userId)}`
    throw new TypeError(`site: "${method}" must return a user with "userId", a string that is not empty; ${actual} was returned`)
  }
  if (authTime !== undefined && !isSeconds(authTime))
    throw new TypeError(`site: "${method}" must return an "authTime" in seconds since the epoch, not in milliseconds`)
  return user as unknown as AuthenticatedUser
}

/** Returns the page that a method of the site returned. Throws a TypeError that names the method for anything else. */
export function checkPage(page: unknown, method: string): Page | Response {
  if (page instanceof Response) return page
  if (isRecord(page) && typeof page['html'] === 'function') return page as unknown as Page
  throw wrongResult(method, 'a Response, or a page: an object with the function "html"', page)
}

/** Returns what a method of the site decided. Throws a TypeError that names the method for anything else. */
export function checkDecision(decision: unknown, method: string): boolean {
  if (typeof decision === 'boolean') return decision
  throw wrongResult(method, 'true or false', decision)
}

/** Returns the claims that a method of the site returned. Throws a TypeError that names the method for anything else. */
export function checkClaims(claims: unknown, method: string): Readonly<Record<string, unknown>> | undefined {
  if (claims === undefined || claims === null) return undefined
  if (isRecord(claims)) return claims
  throw wrongResult(method, 'an object, or undefined', claims)
}

/** Returns the id that a method of the site returned. Throws a TypeError that names the method for anything else. */
export function checkUserId(userId: unknown, method: string): string | undefined {
  if (userId === undefined || userId === null || (typeof userId === 'string' && userId !== '')) return userId ?? undefined
  throw wrongResult(method, 'a "userId", which is a string, or undefined', userId)
}

function wrongResult(method: string, expected: string, actual: unknown): TypeError {
  return new TypeError(`site: "${method}" must return ${expected}; it returned ${describe(actual)}`)
}

/** Never the value itself, which may be personal. */
function describe(value: unknown): string {
  if (value === '') return 'an empty string'
  if (value === undefined || value === null) return String(value)
  return typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'another object') : `a ${typeof value}`
}
