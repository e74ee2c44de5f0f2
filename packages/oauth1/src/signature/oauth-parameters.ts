/**
 * Creates the `oauth_…` parameters that every signed request has. The nonce has 30 letters and digits: oauthlib accepts no more by default.
 *
 * @param seconds since the epoch
 * @see RFC 5849, section 3.1
 */
export function oauthParameters(clientId: string, method: string, seconds: number): Record<string, string> {
  return {
    oauth_consumer_key: clientId,
    oauth_nonce: crypto.randomUUID().replaceAll('-', '').slice(2),
    oauth_timestamp: `${Math.floor(seconds)}`,
    oauth_signature_method: method,
    oauth_version: '1.0',
  }
}
