import { checkAuthorization } from './checks/check-authorization.js'
import { checkCallbackPage } from './checks/check-callback-page.js'
import { checkClock } from './checks/check-clock.js'
import { checkCookies } from './checks/check-cookies.js'
import { checkKeys } from './checks/check-keys.js'
import { checkMetadata } from './checks/check-metadata.js'
import { checkOpenerPolicy } from './checks/check-opener-policy.js'
import { checkCopies, checkSecureContext, checkStorage } from './checks/check-page.js'
import { checkRefreshToken } from './checks/check-refresh-token.js'
import { checkServiceWorker } from './checks/check-service-worker.js'
import { checkTokenEndpoint } from './checks/check-token-endpoint.js'
import { checkUserInfo } from './checks/check-user-info.js'
import type { Check, CheckResult, Examination } from './examination.js'
import type { Finding, Severity } from './finding.js'
import { plainLine } from './plain-line.js'

/** In this order: the first says where the others look, and the clock check reads what the responses before it had. */
const CHECKS: readonly Check[] = [
  checkSecureContext,
  checkMetadata,
  checkCallbackPage,
  checkAuthorization,
  checkTokenEndpoint,
  checkRefreshToken,
  checkUserInfo,
  checkKeys,
  checkClock,
  checkCookies,
  checkOpenerPolicy,
  checkStorage,
  checkServiceWorker,
  checkCopies,
]

/** What the doctor found out. */
export interface Diagnosis {
  /** What is wrong, the worst first. */
  readonly findings: readonly Finding[]
  /** The checks that found nothing wrong. */
  readonly passed: readonly string[]
  /** The checks that could not run, with the reason. */
  readonly skipped: readonly { readonly check: string; readonly reason: string }[]
}

const ORDER: readonly Severity[] = ['error', 'warning', 'note']

/** Runs all checks. Requests are sent one after the other, since a server may limit their rate. */
export async function examine(examination: Examination, known: readonly Finding[] = []): Promise<Diagnosis> {
  const findings = [...known]
  const passed: string[] = []
  const skipped: { check: string; reason: string }[] = []
  for (const check of CHECKS) {
    const result = await runCheck(check, examination)
    if ('skipped' in result) skipped.push({ check: check.name, reason: result.skipped })
    else if (result.length === 0) passed.push(check.name)
    else findings.push(...result)
  }
  const unique = findings.filter((finding, index) => findings.findIndex((other) => isSame(other, finding)) === index)
  return { findings: unique.toSorted((left, right) => rank(left) - rank(right)), passed, skipped }
}

/** A server can send values that no check expects. */
async function runCheck(check: Check, examination: Examination): Promise<CheckResult> {
  try {
    return await check.run(examination)
  } catch (error) {
    return { skipped: `it failed (${plainLine(error instanceof Error ? error.message : 'unknown error', 200)})` }
  }
}

/** What the metadata and the token endpoint say about refresh tokens has one cause. */
function isSame(left: Finding, right: Finding): boolean {
  return left.code === right.code && (left.change === right.change || left.code === 'no_refresh_token')
}

function rank({ severity }: Finding): number {
  return ORDER.indexOf(severity)
}
