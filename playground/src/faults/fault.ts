import type { ExperimentOptions } from '../experiments/use-experiment-client.js'
import type { Alteration } from './alteration.js'

/** Something that goes wrong between the app and the server, simulated in this page. */
export interface Fault {
  readonly id: string
  readonly label: string
  /** What happens, in one or two sentences. */
  readonly about: string
  /** The message that is changed. */
  readonly alteration?: Alteration | undefined
  /** Client options that simulate the fault. */
  readonly options?: (() => ExperimentOptions) | undefined
  /** What the check compares, if the error does not contain the values. */
  readonly compared?: { readonly expected: string; readonly received: string } | undefined
  /** What would happen if the client or the server did not check this. */
  readonly withoutCheck: string
}
