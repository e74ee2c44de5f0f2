/** What a server refuses in an authorization request. */
export type Refusal = 'redirectUri' | 'client' | 'responseType' | 'scope'

// The texts of Keycloak, Entra (AADSTS…), Auth0, Okta, Cognito and Google are among them.
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
  const found = PATTERNS.map(([refusal, pattern]) => ({ refusal, index: words.search(pattern) })).filter(
    ({ index }) => index >= 0,
  )
  // A text about one of the two often names the other one later. The code `unauthorized_client` may precede both.
  const [party] = found
    .filter(({ refusal }) => refusal === 'redirectUri' || refusal === 'client')
    .toSorted((left, right) => left.index - right.index)
  return (party ?? found[0])?.refusal
}
