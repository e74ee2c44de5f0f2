import { useMemo } from 'react'
import { usePageState } from '../ui/use-page-state.js'
import type { Fault } from './fault.js'
import { type FaultId, faultsOf } from './faults.js'

/** The faults that a page offers, and the chosen one, which is part of the URL. */
export interface FaultChoice {
  readonly faults: readonly Fault[]
  /** The ID of the chosen fault, or {@link NO_FAULT}. */
  readonly id: string
  /** Undefined if nothing goes wrong. */
  readonly fault: Fault | undefined
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
  const defaults = useMemo(() => ({ fault: initial }), [initial])
  const [values, change] = usePageState<{ readonly fault: string }>(defaults)
  const faults = useMemo(() => faultsOf(ids), [ids])
  const fault = faults.find(({ id }) => id === values.fault)
  return { faults, fault, id: fault?.id ?? NO_FAULT, choose: (next) => change({ fault: next }) }
}
