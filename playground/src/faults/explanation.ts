/** What a fault is about, in the form in which every page shows it. */
export interface Explanation {
  /** What the client or the server requires. */
  readonly expected: string
  /** What came instead. */
  readonly received: string
  /** The section that requires it. */
  readonly rule: string
  /** What would happen if the client or the server did not check this. */
  readonly withoutCheck: string
  /** What to do, if the hint of the error is about what the app noticed instead, such as a closed popup. */
  readonly fix?: string | undefined
}
