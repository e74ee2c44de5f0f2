import type { ExperimentOptions } from '../experiments/use-experiment-client.js'
import type { Alteration } from './alteration.js'
import type { Explanation } from './explanation.js'

/** Something that goes wrong between the app and the server, simulated in this page. */
export interface Fault extends Explanation {
  readonly id: string
  readonly label: string
  /** What happens, in one or two sentences. */
  readonly about: string
  /** The message that is changed. */
  readonly alteration?: Alteration | undefined
  /** Client options that simulate the fault. */
  readonly options?: (() => ExperimentOptions) | undefined
}
