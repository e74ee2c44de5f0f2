/** What the API reports to the page about a logout token. The token itself is masked. */
export interface BackChannelReport {
  /** As the API received it: altered, if a fault is chosen. */
  readonly token: string
  readonly claims: Readonly<Record<string, unknown>>
  /** As the server sent it. */
  readonly original: Pick<BackChannelReport, 'token' | 'claims'>
  readonly isAltered: boolean
  /** True for the last report of one sign-out. */
  readonly isLast: boolean
  /** The status of the API's response. */
  readonly status: number
  /** Why the API refused the token. */
  readonly refusal: string | undefined
}
