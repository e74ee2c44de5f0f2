/** What a server refuses in an authorization request. */
export type Refusal = 'redirectUri' | 'client' | 'responseType' | 'scope'

// In this order: a text about the redirect URI often names the client too. The texts of Keycloak, Entra (AADSTS…), Auth0, Okta,
// Cognito and Google are among them.
const PATTERNS: readonly (readonly [Refusal, RegExp])[] = [
  [
    'redirectUri',
    /redirect[_ -]?(?:uri|url|mismatch)|callback (?:uri|url)|reply (?:address|url)|\bAADSTS(?:50011|500113|900971|90102)\b/i,
  ],
  [
    'client',
    /(?:invalid|unknown|deleted|disabled)[_ -]client|client(?:[_ ]?id)? (?:is )?(?:not found|unknown|invalid|does not exist|not enabled)|(?:no|unknown) (?:such )?(?:client|application)\b|invalid parameter: client_id|client_id['"]? parameter|\bAADSTS(?:700016|700038|90013)\b/i,
  ],
  ['responseType', /response[_ ]?type|unauthorized[_ ]client|\bAADSTS(?:700051|700054)\b/i],
  ['scope', /invalid[_ ]scope|\bAADSTS(?:70011|650053)\b/i],
]

/** @returns what a text says is refused; undefined if it does not say */
export function refusalIn(text: string): Refusal | undefined {
  // Addresses contain parameter names that are no complaint.
  const words = text.replaceAll(/\bhttps?:\/\/\S+/g, ' ')
  return PATTERNS.find(([, pattern]) => pattern.test(words))?.[0]
}
