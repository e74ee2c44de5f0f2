import type { FindingCode } from './finding-code.js'
import { FINDING_TITLES } from './finding-texts.js'
import { plainLine } from './plain-line.js'
import { settingsFor, type ProviderSetting } from './provider-settings.js'

/** How bad a finding is. `error`: signing in fails. `warning`: another part fails. `note`: a limit that matters to some apps. */
export type Severity = 'error' | 'warning' | 'note'

/** One thing that is wrong with a set-up, and how to fix it. Contains no token, code, verifier or secret. */
export interface Finding {
  readonly code: FindingCode
  readonly severity: Severity
  /** A heading. */
  readonly title: string
  /** What was seen. */
  readonly seen: string
  /** What is expected. */
  readonly expected: string
  /** What to change, and where. */
  readonly change: string
  /** The name of the setting at known providers; at the provider of the issuer only, if it is one of them. */
  readonly settings: readonly ProviderSetting[]
}

/** The parts of a finding that a check knows. */
export type FindingParts = Pick<Finding, 'seen' | 'expected' | 'change'> & { readonly severity?: Severity }

/** @param issuer whose provider decides which settings are named */
export function createFinding(code: FindingCode, issuer: string | undefined, parts: FindingParts): Finding {
  const { severity = 'error' } = parts
  // They name addresses of the metadata and of redirects, which a hostile server writes.
  const texts = { seen: plainLine(parts.seen), expected: plainLine(parts.expected), change: plainLine(parts.change) }
  return { code, severity, title: FINDING_TITLES[code], ...texts, settings: settingsFor(code, issuer) }
}
