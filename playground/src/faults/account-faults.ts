import type { Fault } from './fault.js'
import { faultsOf } from './faults.js'

/** A fault of the page “Several accounts”. */
export interface AccountFault extends Fault {
  /** The limit of accounts while the fault is chosen. */
  readonly maxAccounts?: number | undefined
}

const ownFaults: readonly AccountFault[] = [
  {
    id: 'same-user',
    label: 'The same user again',
    about:
      'The server ignores “prompt” and signs in the user that it knows. No second entry appears: the new session replaces the former.',
    alteration: {
      role: 'authorization-request',
      note: 'The parameter “prompt” was removed, so the server does not ask which user to add.',
      navigate: withoutPrompt,
    },
    expected: 'another user, or the page on which you choose one',
    received: 'the user who is in the list already',
    rule: 'OpenID Connect Core 1.0, section 5.7',
    withoutCheck: 'The same user would be in the list twice, and signing out of one entry would revoke the tokens of the other.',
  },
  {
    id: 'limit',
    label: 'Too many accounts',
    about: 'This app permits one account while the fault is chosen. Add two.',
    maxAccounts: 1,
    expected: 'at most one account, the option “maxAccounts” of this page',
    received: 'a second account',
    rule: 'the option maxAccounts of createAccounts()',
    withoutCheck: 'Sessions would pile up in the browser, each with tokens that someone could steal.',
  },
]

/** Faults of adding an account. */
export const accountFaults: readonly AccountFault[] = [
  ...ownFaults,
  ...faultsOf(['nonce', 'signature', 'hash', 'replay', 'down', 'coop']),
]

function withoutPrompt(url: URL): URL {
  const changed = new URL(url)
  changed.searchParams.delete('prompt')
  return changed
}
