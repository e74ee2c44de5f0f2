import type { RegistrationFix, RegistrationMismatch } from '@latchkey/server'

/** Says what to add to `vite.config.ts` for a request that does not fit the registration of its client. */
export function explainMismatch(mismatch: RegistrationMismatch, appUrl: string): RegistrationFix {
  const { clientId, redirectUri, redirectUris, parameter } = mismatch
  const member = parameter === 'redirect_uri' ? 'redirectUris' : 'postLogoutRedirectUris'
  const added = redirectUri === undefined ? [] : [redirectUri]
  const uris = [...(redirectUris ?? []), ...added].map((uri) => inApp(uri, appUrl))
  const client = `{ clientId: ${literal(clientId)}${uris.length === 0 ? '' : `, ${member}: [${uris.map(literal).join(', ')}]`} }`
  return { text: `${reasonOf(mismatch, appUrl)} In vite.config.ts:`, code: `latchkey({ clients: [${client}] })`, appUrl }
}

function reasonOf({ redirectUri, redirectUris }: RegistrationMismatch, appUrl: string): string {
  if (redirectUris === undefined) return 'Use a client id of the plugin ("app" by default), or add a client.'
  if (redirectUri === undefined) return 'Send a redirect URI with the request, or register exactly one.'
  const own = new URL(appUrl).origin
  const isElsewhere = URL.canParse(redirectUri) && new URL(redirectUri).origin !== own
  return isElsewhere
    ? `The request was sent to ${own} with a redirect URI on another origin: open the app there, or register the redirect URI.`
    : 'Set "redirectUri" of the client to a registered one, or register it, character for character.'
}

/** Paths are relative to the app; its own address is `./`. */
function inApp(uri: string, appUrl: string): string {
  return uri.startsWith(appUrl) ? uri.slice(appUrl.length) || './' : uri
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
