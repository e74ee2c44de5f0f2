import { parseUrl } from '../platform/parse-url.js'
import type { ServerMetadata } from '../protocol/server-metadata.js'
import type { FindingCode } from './finding-code.js'
import { createFinding, type Finding, type FindingParts } from './finding.js'
import type { PageHeaders, Probes } from './probes.js'
import type { KnownSession, Setup } from './setup.js'

/** A set-up in examination: what is known before, and what earlier checks found out. */
export interface Examination {
  readonly setup: Setup
  readonly probes: Probes
  readonly session?: KnownSession | undefined
  /** What the metadata check found. */
  metadata?: ServerMetadata | undefined
  /** The members of the metadata that cannot be used. They are no longer in it. */
  unusable?: readonly string[] | undefined
  /** Whether the authorization endpoint knows the client id; undefined if it did not say. */
  isClientKnown?: boolean | undefined
  /** The responses on the way of the authorization request. */
  serverPages?: readonly PageHeaders[] | undefined
  /** Whether the policy of the app keeps the silent request in a frame from returning. */
  isFrameBlocked?: boolean | undefined
  /** The error that the silent authorization request returned with. */
  silentError?: string | undefined
  /** What the clocks of others said. */
  readonly clocks: ClockReading[]
}

/** The `Date` of a response. */
export interface ClockReading {
  /** As it reads in a sentence: `the authorization server`. */
  readonly owner: string
  /** Seconds that this clock is ahead of ours. */
  readonly offset: number
}

/** Why a check could not run. */
export interface Skipped {
  readonly skipped: string
}

/** One thing to look at. */
export interface Check {
  /** What is looked at, as in a list: `issuer and metadata`. */
  readonly name: string
  run(examination: Examination): Promise<CheckResult>
}

/** What is wrong; nothing if all is right. */
export type CheckResult = readonly Finding[] | Skipped

/** @returns a function that creates findings with the settings of this issuer's provider */
export function findingsOf(examination: Pick<Examination, 'setup'>): (code: FindingCode, parts: FindingParts) => Finding {
  return (code, parts) => createFinding(code, issuerOf(examination), parts)
}

/** The issuer, discovered or given with the metadata. */
export function issuerOf({ setup }: Pick<Examination, 'setup'>): string | undefined {
  return setup.issuer ?? setup.server?.issuer
}

/** The origin of the app, if it is known. */
export function appOrigin({ setup }: Pick<Examination, 'setup'>): string | undefined {
  const { origin, redirectUri } = setup
  const address = origin ?? redirectUri
  return address === undefined ? undefined : parseUrl(address)?.origin
}

/** Where the authorization response goes, if it is known. */
export function redirectUriOf(examination: Pick<Examination, 'setup'>): string | undefined {
  const origin = appOrigin(examination)
  return examination.setup.redirectUri ?? (origin === undefined ? undefined : `${origin}/`)
}

/** The scope that is requested, as a list. */
export function scopeOf({ setup }: Pick<Examination, 'setup'>): readonly string[] {
  const { scope = 'openid profile email' } = setup
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : scope
}

/** Notes the clock of a response. A cache says how old the `Date` is. */
export function noteClock({ probes, clocks }: Examination, owner: string, headers: Headers): void {
  const date = Date.parse(headers.get('date') ?? '')
  const age = Number(headers.get('age') ?? 0)
  if (Number.isNaN(date) || Number.isNaN(age)) return
  clocks.push({ owner, offset: Math.round((date - probes.now()) / 1000) + age })
}
