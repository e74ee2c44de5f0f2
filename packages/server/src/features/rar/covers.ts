import { LISTS, type AuthorizationDetails } from './authorization-details.js'

/** @returns whether one object asks for no more than another grants: the same members, of which lists of rights may be shorter */
export function covers(granted: AuthorizationDetails, asked: AuthorizationDetails): boolean {
  const names = Object.keys(granted)
  if (names.length !== Object.keys(asked).length) return false
  return names.every(
    (name) => Object.hasOwn(asked, name) && (isLess(name, granted, asked) || isEqual(granted[name], asked[name])),
  )
}

/** An empty list may mean "all": only one with something in it is less. */
function isLess(name: string, granted: AuthorizationDetails, asked: AuthorizationDetails): boolean {
  const [all, some] = [granted[name], asked[name]]
  if (!LISTS.includes(name) || !Array.isArray(all) || !Array.isArray(some)) return false
  return some.length > 0 && some.every((one) => all.includes(one))
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
