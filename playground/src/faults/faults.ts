import { browserFaults } from './browser-faults.js'
import { endpointFaults } from './endpoint-faults.js'
import type { Fault } from './fault.js'
import { grantFaults } from './grant-faults.js'
import { idTokenFaults } from './id-token-faults.js'
import { serverFaults } from './server-faults.js'

/** The faults of a sign-in, in the order of the page “Break it”. */
export const signInFaults = [...idTokenFaults, ...serverFaults, ...browserFaults] as const

/** All faults. Add a new one to one of the five lists. */
export const faults = [...signInFaults, ...endpointFaults, ...grantFaults] as const

/** Names a fault in the code and in the URL of a page. */
export type FaultId = (typeof faults)[number]['id']

/** @returns the faults with these ids, in the same order */
export function faultsOf(ids: readonly FaultId[]): readonly Fault[] {
  return faults.filter(({ id }) => ids.includes(id))
}
