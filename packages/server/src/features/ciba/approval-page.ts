import { html } from 'hono/html'
import { clientLabel, meaningOf, permissions } from '../../site/pages/authorization-page.js'
import { layout, type Markup } from '../../site/pages/layout.js'
import type { Accounts, Page } from '../../site/site-adapter.js'
import type { ApprovalOutcome, ApprovalPage, WaitingRequest } from './ciba-settings.js'

const OUTCOMES: Readonly<Record<ApprovalOutcome, readonly [title: string, text: string]>> = {
  approved: ['Approved', 'The application continues on its own. You can close this page.'],
  denied: ['Denied', 'The application got no access. You can close this page.'],
  gone: ['No longer waiting', 'This request has been decided or has expired.'],
  stale: ['Nothing was decided', 'This page was open for too long, or cookies are disabled. Please try again.'],
  'not-signed-in': ['Nothing was decided', 'You did not sign in.'],
}

/** Creates the approval page: a plain form for each request, no script. */
export function approvalPage(page: ApprovalPage, accounts: Accounts | undefined): Page {
  const { outcome, requests, listUri, session } = page
  const name = session && (accounts?.nameOf(session.userId) ?? session.userId)
  const title = outcome ? OUTCOMES[outcome][0] : requests.length > 0 ? 'Do you approve?' : 'No requests'
  const content = html`<h1>${title}</h1>
    ${outcome ? html`<p role="status">${OUTCOMES[outcome][1]}</p>` : html``} ${requests.map((request) => article(request, page))}
    <p class="note">
      ${
        session
          ? html`Signed in as <strong><bdi>${name}</bdi></strong
              >. `
          : html``
      }
      <a href="${listUri}">${session ? 'Check for new requests' : 'Sign in'}</a>
    </p>
    ${session && accounts ? switchAccount(page) : html``}`
  return { html: (nonce) => layout(nonce, title, content) }
}

function switchAccount({ action, formToken }: ApprovalPage): Markup {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${formToken}" />
    <button class="quiet" name="action" value="switch">Use another account</button>
  </form>`
}

function timeLeft(seconds: number): string {
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

/** A user may approve less than the client requests. */
function choice(name: string): Markup {
  return html`<label class="choice"><input type="checkbox" name="scope" value="${name}" checked /> ${meaningOf(name)}</label>`
}

function article(request: WaitingRequest, { action, formToken }: ApprovalPage): Markup {
  const { requestId, client, bindingMessage, secondsLeft } = request
  // With several requests, each button is described by its client and message.
  const describedBy = bindingMessage === undefined ? requestId : `${requestId} ${requestId}-message`
  return html`<article aria-labelledby="${requestId}">
    <h2 id="${requestId}">${clientLabel(client)} requests access</h2>
    <ul>
      ${permissions({ ...request, scope: request.scope.filter((name) => name === 'openid') })}
    </ul>
    ${
      bindingMessage === undefined
        ? html`<p>Approve only what you started yourself.</p>`
        : html`<p>Approve only if the application shows you this message:</p>
            <p class="message" id="${requestId}-message"><bdi>${bindingMessage}</bdi></p>`
    }
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <input type="hidden" name="request" value="${requestId}" />
      <input type="hidden" name="choice" value="1" />
      ${request.scope.filter((name) => name !== 'openid').map(choice)}
      <button name="decision" value="approve" aria-describedby="${describedBy}">Approve</button>
      <button class="quiet" name="decision" value="deny" aria-describedby="${describedBy}">Deny</button>
    </form>
    <p class="note">Expires in ${timeLeft(secondsLeft)}.</p>
  </article>`
}
