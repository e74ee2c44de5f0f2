/** How signed authorization requests are taken. @see RFC 9101 */
export interface RequestObjectOptions {
  /** Take them in the parameter `request`, at the authorization endpoint and pushed. Default true. */
  readonly byValue?: boolean
  /** Fetch them from a `request_uri` that the client has registered. Default true. */
  readonly byReference?: boolean
  /** Take no authorization request that is not signed. Default false. @see RFC 9101, section 10.5 */
  readonly required?: boolean
}

/** @returns all of them; throws a TypeError where no request could ever be taken */
export function resolveRequestObjectOptions(given: RequestObjectOptions = {}): Required<RequestObjectOptions> {
  const options = { byValue: true, byReference: true, required: false, ...given }
  if (options.required && !options.byValue && !options.byReference)
    throw new TypeError('requestObjects: "required" needs "byValue" or "byReference" (RFC 9101, section 5)')
  return options
}
