/** What one tab tells the others about itself. Contains no token. */
export interface TabReport {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly openedAt: number
  readonly isSignedIn: boolean
  /** Seconds since the epoch. */
  readonly expiresAt?: number | undefined
  /** How the tab got its access token since the last expiry; `none` if it has the same one. */
  readonly renewal: 'none' | 'requested' | 'adopted'
}

/** A message between the tabs that show the page. */
export type TabMessage =
  | { readonly type: 'hello' }
  | { readonly type: 'report'; readonly report: TabReport }
  | { readonly type: 'bye'; readonly id: string }
  /** Every tab that still has the token with this expiry renews it. */
  | { readonly type: 'expire'; readonly expiresAt: number }

/** Identifies this tab until it is reloaded. */
export const thisTab = { id: crypto.randomUUID(), openedAt: Date.now() } as const

/** @returns the reports in the order in which the tabs were opened, after a message of another tab */
export function afterMessage(reports: readonly TabReport[], message: TabMessage): readonly TabReport[] {
  if (message.type === 'bye') return reports.filter(({ id }) => id !== message.id)
  if (message.type !== 'report') return reports
  const others = reports.filter(({ id }) => id !== message.report.id)
  return [...others, message.report].toSorted((a, b) => a.openedAt - b.openedAt)
}

/** @returns what has happened, as one sentence; undefined before the first expiry */
export function renewalSummary(reports: readonly TabReport[]): string | undefined {
  const count = (renewal: TabReport['renewal']): number => reports.filter((report) => report.renewal === renewal).length
  const requested = count('requested')
  if (requested === 0) return undefined
  const adopted = count('adopted')
  const others = adopted === 1 ? '1 other tab uses its result' : `${adopted} other tabs use its result`
  return `${requested} token request in ${reports.length} ${reports.length === 1 ? 'tab' : 'tabs'}${adopted > 0 ? `: ${others}` : ''}.`
}
