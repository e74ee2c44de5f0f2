import { html } from 'hono/html'
import type { Page, PlainForm } from '../site-adapter.js'
import { clientLabel, destination } from './authorization-page.js'
import { layout, type Markup } from './layout.js'

/** Creates the confirmation of a sign-out. */
export function signOutPage({ action, formToken, client }: PlainForm): Page {
  const reason = client ? html`${clientLabel(client)} requests to sign you out here.` : html`You are about to sign out.`
  const content = html`<h1>Sign out?</h1>
    <p>${reason}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <button name="action" value="sign-out">Sign out</button>
      <button class="quiet" name="action" value="stay">Stay signed in</button>
    </form>`
  return { html: (nonce) => layout(nonce, 'Sign out', content) }
}

/** Creates the end of a sign-out, without a client to return to, or while other applications are notified. */
export function signedOutPage({
  frames,
  returnTo,
  needsClick = false,
}: {
  readonly frames: readonly string[]
  readonly returnTo: string | undefined
  readonly needsClick?: boolean | undefined
}): Page {
  const rest =
    returnTo === undefined
      ? html`<p>You can close this page.</p>`
      : needsClick
        ? linkTo(returnTo)
        : // A meta refresh needs no script; the link is for browsers that ignore it.
          html`<meta http-equiv="refresh" content="2;url=${returnTo}" />
            <p><a href="${returnTo}">Continue to the application</a></p>`
  const notices = frames.map(
    (frame) => html`<iframe hidden title="" sandbox="allow-scripts allow-same-origin" src="${frame}"></iframe>`,
  )
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

/** Names where it leads: a stranger has registered the address. */
function linkTo(address: string): ReturnType<typeof html> {
  return html`<p>
    <a href="${address}">Continue to <bdi>${destination(address)}</bdi></a>
  </p>`
}

/** What a page about an error shows. */
export interface ErrorDetails {
  readonly error: string
  readonly description: string
  readonly status: number
  readonly continueTo?: string | undefined
}

/**
 * Creates the page for errors that must not be sent to a client.
 *
 * @param help for developers: how to fix the error
 */
export function errorPage({ error, description, status, continueTo }: ErrorDetails, help?: Markup): Page {
  // Of all pages, only that of an OAuth 1.0a link has it.
  const isUsedLink = error === 'invalid_token'
  const title = isUsedLink ? 'This link cannot be used any more' : 'Something went wrong'
  const explanation = isUsedLink
    ? 'It has expired, or was used before. Start again in the application that sent you here. Its operator may need this information:'
    : 'The application sent an invalid request. Its operator needs this information:'
  const content = html`<h1>${title}</h1>
    <p>${explanation}</p>
    <ul>
      <li><code>${error}</code><br />${description}</li>
    </ul>
    ${help ?? ''}${continueTo === undefined ? '' : linkTo(continueTo)}`
  return { status, html: (nonce) => layout(nonce, title, content) }
}
