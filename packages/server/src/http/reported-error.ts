/** A fault beside the handling of a request, whose message says what failed. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError'
}
