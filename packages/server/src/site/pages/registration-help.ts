import { html } from 'hono/html'
import type { RegistrationMismatch } from '../../http/oauth-error.js'
import { withVisibleCharacters } from '../../http/plain-text.js'
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
/** Of the fix, which contains registered addresses too. */
const MAX_FIX = 4000

/** Creates the part of an error page that compares a request with the registration. Only developers may see it. */
export function registrationHelp(mismatch: RegistrationMismatch, fix: RegistrationFix): Markup {
  const { clientId, parameter, redirectUri, redirectUris } = mismatch
  const registered =
    redirectUris === undefined
      ? html`<li>no client <code>${shown(clientId)}</code></li>`
      : redirectUris.length === 0
        ? html`<li>none</li>`
        : redirectUris.map((uri) => html`<li>${code(uri)}</li>`)
  return html`<article>
    <h2>Received as <code>${parameter}</code></h2>
    <ul>
      <li>${code(redirectUri ?? 'none')}</li>
    </ul>
    <h2 class="next">Registered for ${code(clientId)}</h2>
    <ul>
      ${registered}
    </ul>
    <h2 class="next">Fix</h2>
    <p>${shown(fix.text)}</p>
    <pre><code>${shown(fix.code, MAX_FIX)}</code></pre>
    ${redirectUri === undefined ? '' : html`<p class="note">Register addresses of your own apps only. Anyone can send you a link with another one.</p>`}
    ${fix.appUrl === undefined ? '' : html`<p><a href="${fix.appUrl}">Back to the app</a></p>`}
  </article>`
}

/** Its own direction, so that text of a request moves no other. */
function code(text: string): Markup {
  return html`<bdi><code>${shown(text)}</code></bdi>`
}

/** A link of a stranger must not look like another address. */
function shown(text: string, maxLength: number = MAX_LENGTH): string {
  const visible = withVisibleCharacters(text.length > maxLength ? text.slice(0, maxLength) : text)
  return text.length > maxLength ? `${visible}…` : visible
}
