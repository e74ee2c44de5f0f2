import { diagnoseSetup, type Diagnosis, type Finding, type Setup } from '@latchkey/core/doctor'
import type { Output } from '../output.js'
import { findCopies } from './find-copies.js'
import { printDiagnosis } from './print-diagnosis.js'

/** The options of `latchkey doctor`. */
export interface DoctorOptions {
  readonly clientId?: string
  readonly redirectUri?: string
  readonly origin?: string
  readonly scope?: string
  readonly responseType?: string
  readonly alg?: string
  readonly metadataUrl?: string
  readonly transport?: NonNullable<Setup['transport']>
  readonly json?: boolean
}

/** What a test replaces. */
export interface DoctorSeams {
  readonly fetch?: typeof fetch
  /** Where the app and its packages are. Default: the current folder. */
  readonly folder?: string
}

/** @returns whether users can sign in */
export async function runDoctor(
  issuer: string,
  { alg, json = false, ...options }: DoctorOptions,
  output: Output,
  { fetch, folder = process.cwd() }: DoctorSeams = {},
): Promise<boolean> {
  const setup: Setup = { ...options, issuer, idTokenSignedResponseAlg: alg }
  const network = await diagnoseSetup(setup, { fetch })
  const diagnosis = withCopies(withOwnOptions(network), await findCopies(folder))
  if (json) output.print(JSON.stringify(diagnosis, null, 2))
  else printDiagnosis(issuer, diagnosis, output)
  return !diagnosis.findings.some(({ severity }) => severity === 'error')
}

/** The user of the command may have no app yet, so its option comes first. */
function withOwnOptions(diagnosis: Diagnosis): Diagnosis {
  const findings = diagnosis.findings.map((finding) => ({
    ...finding,
    change: finding.change.replace('as "metadataUrl"', 'as --metadata-url, and to the app as "metadataUrl"'),
  }))
  return { ...diagnosis, findings }
}

/** Replaces the check that only a page can do by one of the installed packages. */
function withCopies(diagnosis: Diagnosis, copies: readonly string[]): Diagnosis {
  if (copies.length === 0) return diagnosis
  const check = 'copies of the library'
  const skipped = diagnosis.skipped.filter((each) => each.check !== check)
  if (copies.length === 1) return { ...diagnosis, skipped, passed: [...diagnosis.passed, check] }
  const finding: Finding = {
    code: 'several_copies',
    severity: 'warning',
    title: 'Several copies of the library are loaded',
    seen: `@latchkey/core is installed more than once: ${copies.join(', ')}.`,
    expected: 'One copy: functions over a client refuse the client of another copy.',
    change: 'Bring all @latchkey packages to one version and install again. In a monorepo, resolve the package once.',
    settings: [],
  }
  return { ...diagnosis, skipped, findings: [...diagnosis.findings, finding] }
}
