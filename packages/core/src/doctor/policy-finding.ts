import { type Examination, findingsOf } from './examination.js'
import type { Finding, Severity } from './finding.js'

/** The finding of a request that the Content Security Policy of the app blocks. */
export function policyFinding(
  examination: Pick<Examination, 'setup'>,
  address: string,
  { seen, severity = 'error' }: { readonly seen: string; readonly severity?: Severity },
): Finding {
  const { origin } = new URL(address)
  return findingsOf(examination)('csp_blocks_request', {
    severity,
    seen,
    expected: `A policy whose connect-src contains ${origin}.`,
    change: `Add ${origin} to connect-src, in the Content-Security-Policy header or <meta> element of the app.`,
  })
}
