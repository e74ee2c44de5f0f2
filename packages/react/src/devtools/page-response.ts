const RESPONSE_PARAMETERS = ['code', 'error', 'id_token', 'access_token']

/**
 * @returns the authorization response in this page's URL
 * @see RFC 6749, section 4.1.2; JARM, section 2.3
 */
export function pageResponse(): URLSearchParams | undefined {
  if (typeof location === 'undefined') return undefined
  const { search, hash } = location
  return [search, hash.slice(1)]
    .map((text) => new URLSearchParams(text))
    .find((params) => params.has('response') || (params.has('state') && RESPONSE_PARAMETERS.some((name) => params.has(name))))
}
