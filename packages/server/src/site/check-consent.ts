import { isRecord } from '@latchkey/resource/internals'
import type { GivenConsent } from './consent-parts.js'
import type { Interaction } from './site-adapter.js'
import { checkMembers } from '../options/check-members.js'

const MEMBERS = { scope: true, individualClaims: true, resources: true, authorizationDetails: true }

/**
 * Returns what the site says that the user agreed to. Throws a TypeError for anything else, and for more than the page showed.
 * Authorization details may be narrower, so their type compares them.
 */
export function checkConsent(consent: unknown, shown: Interaction): GivenConsent | undefined {
  if (consent === undefined || consent === null) return undefined
  checkMembers(consent, MEMBERS, { name: 'site: "readConsent" must return' })
  const { scope, resources, individualClaims: claims, authorizationDetails } = consent as GivenConsent
  checkList(scope, shown.scope, 'scope')
  checkList(resources, shown.resources, 'resources')
  if (claims !== undefined && !isRecord(claims)) throw wrong('individualClaims')
  checkList(claims?.idToken, shown.individualClaims.idToken, 'individualClaims.idToken')
  checkList(claims?.userInfo, shown.individualClaims.userInfo, 'individualClaims.userInfo')
  if (resources?.length === 0 && shown.resources.length > 0)
    throw new TypeError('site: "readConsent" must return at least one of the "resources": without any, a token has no limit')
  if (authorizationDetails !== undefined && !Array.isArray(authorizationDetails)) throw wrong('authorizationDetails')
  return consent
}

function checkList(given: unknown, shown: readonly string[], name: string): void {
  if (given === undefined) return
  if (!Array.isArray(given) || !given.every((one) => shown.includes(one as string))) throw wrong(name)
}

function wrong(name: string): TypeError {
  return new TypeError(`site: "readConsent" must return as "${name}" a list of what the page showed, or part of it`)
}
