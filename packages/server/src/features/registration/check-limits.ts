import { isTextList } from '../is-text-list.js'
import type { RegistrationLimits } from './registration-limits.js'

const LISTS = [
  'grantTypes',
  'responseTypes',
  'scopes',
  'claims',
  'resources',
  'authorizationDetailsTypes',
  'reservedNames',
] as const

/**
 * Checks the limits in the options of a feature.
 *
 * @param feature name of the function that takes the options, for the message
 * @throws TypeError for a limit that is not a list of strings
 */
export function checkLimits(feature: string, limits: RegistrationLimits): void {
  for (const name of LISTS) {
    const list = limits[name]
    if (list !== undefined && !isTextList(list)) throw new TypeError(`${feature}: "${name}" must be a list of strings`)
  }
}
