/** The citation of a specification's section, and its URL. */
export interface SpecReference {
  readonly name: string
  readonly href: string
}

const openIdDocuments: Readonly<Record<string, string>> = {
  'OpenID Connect Core 1.0': 'https://openid.net/specs/openid-connect-core-1_0.html',
  'OpenID Connect Discovery 1.0': 'https://openid.net/specs/openid-connect-discovery-1_0.html',
  'OpenID Connect RP-Initiated Logout 1.0': 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
  'OpenID Connect Back-Channel Logout 1.0': 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
  'OpenID Connect Front-Channel Logout 1.0': 'https://openid.net/specs/openid-connect-frontchannel-1_0.html',
  'OpenID Connect CIBA Core 1.0': 'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html',
  'JWT Secured Authorization Response Mode for OAuth 2.0 (JARM)': 'https://openid.net/specs/oauth-v2-jarm.html',
  'OAuth 2.0 Multiple Response Type Encoding Practices': 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html',
}

/** Standards without numbers for their sections. */
const namedSections: Readonly<Record<string, string>> = {
  'Fetch Standard, CORS protocol': 'https://fetch.spec.whatwg.org/#http-cors-protocol',
  'Fetch Standard, fetch method': 'https://fetch.spec.whatwg.org/#fetch-method',
  'HTML Standard, cross-origin opener policies':
    'https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies',
  'HTML Standard, user activation': 'https://html.spec.whatwg.org/multipage/interaction.html#tracking-user-activation',
}

/**
 * @param citation such as `RFC 6749, section 4.1.2` or `OpenID Connect Core 1.0, section 3.1.2.1`
 * @returns undefined if the document is not listed here
 */
export function specReference(citation: string): SpecReference | undefined {
  const named = namedSections[citation]
  if (named !== undefined) return { name: citation, href: named }
  const section = /section (?<number>[\d.]*\d)/.exec(citation)?.groups?.['number']
  const rfc = /RFC (?<number>\d+)/.exec(citation)?.groups?.['number']
  if (rfc) return { name: citation, href: `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}` }

  const title = Object.keys(openIdDocuments).find((name) => citation.startsWith(name))
  if (title === undefined) return undefined
  return { name: citation, href: `${openIdDocuments[title]}${section ? `#rfc.section.${section}` : ''}` }
}
