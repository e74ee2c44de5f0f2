import { useMemo } from 'react'
import { usePageState } from '../ui/use-page-state.js'
import type { Fault } from './fault.js'
import { type FaultId, faultsOf } from './faults.js'

/** The faults that a page offers, and the chosen one, which is part of the URL. */
export interface FaultChoice<One extends Fault = Fault> {
  readonly faults: readonly One[]
  /** The ID of the chosen fault, or {@link NO_FAULT}. */
  readonly id: string
  /** Undefined if nothing goes wrong. */
  readonly fault: One | undefined
  /** @param id {@link NO_FAULT} if nothing goes wrong */
  readonly choose: (id: string) => void
}

/** The value of the choice “nothing goes wrong”. */
export const NO_FAULT = 'no-fault'

/**
 * @param ids the faults that fit the page; the same list at every render
 * @param initial the fault that is chosen at first
 */
export function useFault(ids: readonly FaultId[], initial: FaultId | typeof NO_FAULT = NO_FAULT): FaultChoice {
  return useFaultOf(
    useMemo(() => faultsOf(ids), [ids]),
    initial,
  )
}

/** The same for faults that no other page has. @param faults the same list at every render */
export function useFaultOf<One extends Fault>(faults: readonly One[], initial: string = NO_FAULT): FaultChoice<One> {
  const defaults = useMemo(() => ({ fault: initial }), [initial])
  const choices = useMemo(() => ({ fault: [NO_FAULT, ...faults.map(({ id }) => id)] }), [faults])
  const [values, change] = usePageState<{ readonly fault: string }>(defaults, choices)
  const fault = faults.find(({ id }) => id === values.fault)
  return { faults, fault, id: fault?.id ?? NO_FAULT, choose: (next) => change({ fault: next }) }
}
