import { html } from 'hono/html'
import type { RegistrationMismatch } from '../../http/oauth-error.js'
import type { Markup } from './layout.js'

/** How a developer fixes a request that does not fit the registration of its client. */
export interface RegistrationFix {
  /** What to do, as a sentence. */
  readonly text: string
  /** What to add to the settings of the server. */
  readonly code: string
  /** The address of the app. */
  readonly appUrl?: string | undefined
}

/** A request contains any text; a longer one is cut off. */
const MAX_LENGTH = 500

/** Creates the part of an error page that compares a request with the registration. Only developers may see it. */
export function registrationHelp(mismatch: RegistrationMismatch, fix: RegistrationFix): Markup {
  const { clientId, parameter, redirectUri, redirectUris } = mismatch
  const registered =
    redirectUris === undefined
      ? html`<li>no client <code>${shortened(clientId)}</code></li>`
      : redirectUris.length === 0
        ? html`<li>none</li>`
        : redirectUris.map((uri) => html`<li><code>${uri}</code></li>`)
  return html`<article>
    <h2>Received as <code>${parameter}</code></h2>
    <ul>
      <li><code>${redirectUri === undefined ? 'none' : shortened(redirectUri)}</code></li>
    </ul>
    <h2 class="next">Registered for <code>${shortened(clientId)}</code></h2>
    <ul>
      ${registered}
    </ul>
    <h2 class="next">Fix</h2>
    <p>${fix.text}</p>
    <pre><code>${fix.code}</code></pre>
    ${fix.appUrl === undefined ? '' : html`<p><a href="${fix.appUrl}">Back to the app</a></p>`}
  </article>`
}

function shortened(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
}
