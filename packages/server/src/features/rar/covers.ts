import type { AuthorizationDetails } from '../../storage/authorization-details.js'
import { LISTS } from './authorization-details.js'

/** Tells whether one object requests no more than another grants: the same members, of which lists of rights may be shorter. */
export function covers(granted: AuthorizationDetails, requested: AuthorizationDetails): boolean {
  const names = Object.keys(granted)
  if (names.length !== Object.keys(requested).length) return false
  return names.every(
    (name) => Object.hasOwn(requested, name) && (isLess(name, granted, requested) || isEqual(granted[name], requested[name])),
  )
}

/** An empty list may mean "all": only a list with elements is narrower. */
function isLess(name: string, granted: AuthorizationDetails, requested: AuthorizationDetails): boolean {
  const [all, some] = [granted[name], requested[name]]
  if (!LISTS.includes(name) || !Array.isArray(all) || !Array.isArray(some)) return false
  const allowed = new Set<unknown>(all)
  return some.length > 0 && some.every((one) => allowed.has(one))
}

function isEqual(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other
  const names = Object.keys(one)
  return (
    Array.isArray(one) === Array.isArray(other) &&
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
