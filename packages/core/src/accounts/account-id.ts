import type { IdTokenClaims } from '../protocol/claims.js'
import { organizationOf } from './organization.js'

/** Identifies an account: issuer, subject, and the organization if the ID token names one. No part can run into the next. */
export function accountIdOf(claims: IdTokenClaims, claim: string | undefined): string {
  const organization = organizationOf(claims, claim)
  // Names are compared without regard to case, ids and custom claims exactly.
  const isName = claim === undefined && claims['org_id'] === undefined
  const parts = [claims.iss, claims.sub, isName ? organization?.toLowerCase() : organization]
  return parts
    .filter((part) => part !== undefined)
    .map(encodeURIComponent)
    .join('/')
}

/** Whether two ids are those of one user, who may have signed in to different organizations. */
export function isSameUser(one: string, other: string): boolean {
  return userOf(one) === userOf(other)
}

function userOf(id: string): string {
  return id.split('/').slice(0, 2).join('/')
}
