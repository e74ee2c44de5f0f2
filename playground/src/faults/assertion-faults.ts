import { faultsOf } from './faults.js'
import type { Fault } from './fault.js'

/** A fault of the page “Service accounts”. */
export interface AssertionFault extends Fault {
  /** What is wrong in the assertion. */
  readonly assertion?: Partial<AssertionChange> | undefined
}

interface AssertionChange {
  readonly audience: string
  /** By how many seconds the assertion is too old. */
  readonly age: number
  /** True if another key signs. */
  readonly hasForeignKey: boolean
}

const ownFaults: readonly AssertionFault[] = [
  {
    id: 'assertion-key',
    label: 'Assertion signed with a foreign key',
    about: 'The claims are right, but the server does not know the key.',
    assertion: { hasForeignKey: true },
    alteration: { role: 'token-request', note: 'The assertion was signed with another key.', respond: unchanged },
    expected: 'a signature by the key that the server knows for this issuer',
    received: 'a signature by another key',
    rule: 'RFC 7523, section 3',
    withoutCheck: 'Anyone could write an assertion, and act for any user.',
  },
  {
    id: 'assertion-expired',
    label: 'Expired assertion',
    about: 'The assertion is an hour old, as one from a log would be.',
    assertion: { age: 3600 },
    alteration: { role: 'token-request', note: 'The assertion was issued an hour ago, for one minute.', respond: unchanged },
    expected: '“exp” after the current time',
    received: '“exp” 59 minutes ago',
    rule: 'RFC 7523, section 3',
    withoutCheck: 'An assertion from a log would give tokens without any limit in time.',
  },
  {
    id: 'assertion-audience',
    label: 'Assertion for another server',
    about: 'The program sent this assertion to another server, and that server sends it here.',
    assertion: { audience: 'https://other.example.com' },
    alteration: { role: 'token-request', note: '“aud” in the assertion names another server.', respond: unchanged },
    expected: 'an assertion for this server (aud)',
    received: 'one for https://other.example.com',
    rule: 'RFC 7523, section 3',
    withoutCheck: 'Each server that the program has ever sent an assertion to could act as the program at all others.',
  },
]

/** Faults of a service account. */
export const assertionFaults: readonly AssertionFault[] = [...ownFaults, ...faultsOf(['down', 'html', 'silent'])]

/** The page changes the assertion before it is sent; the log marks the request. */
function unchanged(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  return send(request)
}
