import { html } from 'hono/html'
import type { Page, PlainForm } from '../site-adapter.js'
import { clientName } from './authorization-page.js'
import { layout } from './layout.js'

/** @returns the page that asks whether to sign out */
export function signOutPage({ action, formToken, client }: PlainForm): Page {
  const asker = client
    ? html`<strong>${clientName(client)}</strong> asks to sign you out here.`
    : html`You are about to sign out.`
  const content = html`<h1>Sign out?</h1>
    <p>${asker}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <button name="action" value="sign-out" autofocus>Sign out</button>
      <button class="quiet" name="action" value="stay">Stay signed in</button>
    </form>`
  return { html: (nonce) => layout(nonce, 'Sign out', content) }
}

/** @returns the page for those who have no client to go back to, or whose other applications hear of it first */
export function signedOutPage({
  frames,
  returnTo,
}: {
  readonly frames: readonly string[]
  readonly returnTo: string | undefined
}): Page {
  const rest =
    returnTo === undefined
      ? html`<p>You can close this page.</p>`
      : // A refresh by the document itself needs no script; the link is for those whose browser does not follow it.
        html`<meta http-equiv="refresh" content="2;url=${returnTo}" />
          <p><a href="${returnTo}">Go on to the application</a></p>`
  const notices = frames.map((frame) => html`<iframe hidden title="" src="${frame}"></iframe>`)
  return {
    html: (nonce) =>
      layout(
        nonce,
        'Signed out',
        html`<h1>You are signed out</h1>
          ${rest}${notices}`,
      ),
  }
}

/** @returns the page for faults that must not be sent to a client */
export function errorPage({
  error,
  description,
  status,
}: {
  readonly error: string
  readonly description: string
  readonly status: number
}): Page {
  const content = html`<h1>This did not work</h1>
    <p>The application sent a request that cannot be answered. Whoever runs it needs to see this:</p>
    <ul>
      <li><code>${error}</code><br />${description}</li>
    </ul>`
  return { status, html: (nonce) => layout(nonce, 'Something went wrong', content) }
}
