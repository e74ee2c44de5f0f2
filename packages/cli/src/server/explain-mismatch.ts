import type { RegistrationFix, RegistrationMismatch } from '@latchkey/server'

/** Says what to add to the settings file for a request that does not fit the registration of its client. */
export function explainMismatch({ clientId, parameter, redirectUri, redirectUris }: RegistrationMismatch): RegistrationFix {
  const member = parameter === 'redirect_uri' ? 'redirectUris' : 'postLogoutRedirectUris'
  const uris = [...(redirectUris ?? []), ...(redirectUri === undefined ? [] : [redirectUri])]
  const lines = [
    'clients:',
    `  - clientId: ${JSON.stringify(clientId)}`,
    `    ${member}:`,
    ...uris.map((uri) => `      - ${JSON.stringify(uri)}`),
  ]
  return {
    text:
      redirectUris === undefined
        ? 'Use the id of a client in the settings, or add this one:'
        : 'Send a registered URI, or register this one, character for character:',
    code: lines.join('\n'),
    appUrl: redirectUris?.map(originOf).find((origin) => origin !== undefined),
  }
}

/** Of a registered address, so that a stranger cannot choose where the link leads. */
function originOf(uri: string): string | undefined {
  return /^https?:/.test(uri) && URL.canParse(uri) ? `${new URL(uri).origin}/` : undefined
}
