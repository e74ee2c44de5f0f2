import { html } from 'hono/html'
import type { ApprovalOutcome, ApprovalPage, Page, WaitingRequest } from '../site-adapter.js'
import { clientName, meaningOf } from './authorization-page.js'
import { layout, type Markup } from './layout.js'

const OUTCOMES: Readonly<Record<ApprovalOutcome, readonly [title: string, text: string]>> = {
  approved: ['Approved', 'The application goes on by itself. You can close this page.'],
  denied: ['Refused', 'The application got no access. You can close this page.'],
  gone: ['No longer waiting', 'This request has been answered, or its time is over.'],
  stale: ['Nothing was decided', 'This page was open for too long, or cookies are off. Please try again.'],
  'not-signed-in': ['Nothing was decided', 'You did not sign in.'],
}

/** @param name what people call the person who is signed in */
export function approvalPage(page: ApprovalPage, name: string | undefined = page.session?.userId): Page {
  const { outcome, requests, listUri, session } = page
  const title = outcome ? OUTCOMES[outcome][0] : requests.length > 0 ? 'Do you approve?' : 'Nothing waits for you'
  const content = html`<h1>${title}</h1>
    ${outcome ? html`<p role="status">${OUTCOMES[outcome][1]}</p>` : html``} ${requests.map((request) => waiting(request, page))}
    <p class="note">
      ${session ? html`Signed in as <strong>${name}</strong>. ` : html``}
      <a href="${listUri}">${session ? 'Look for new requests' : 'Sign in'}</a>
    </p>`
  return { html: (nonce) => layout(nonce, title, content) }
}

function waiting(request: WaitingRequest, { action, formToken }: ApprovalPage): Markup {
  const { requestId, client, scope, bindingMessage, secondsLeft } = request
  const minutes = Math.max(1, Math.round(secondsLeft / 60))
  return html`<section aria-labelledby="${requestId}">
    <h2 id="${requestId}">${clientName(client)} asks to</h2>
    <ul>
      ${scope.map((one) => html`<li>${meaningOf(one)}</li>`)}
    </ul>
    ${
      bindingMessage === undefined
        ? html`<p>Approve only what you began yourself.</p>`
        : html`<p>It shows this message where it asked you. Approve only if you see the very same one there:</p>
            <p class="message"><bdi>${bindingMessage}</bdi></p>`
    }
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <input type="hidden" name="request" value="${requestId}" />
      <button name="decision" value="approve" aria-describedby="${requestId}">Approve</button>
      <button class="quiet" name="decision" value="deny" aria-describedby="${requestId}">Refuse</button>
    </form>
    <p class="note">Waits for ${minutes} more ${minutes === 1 ? 'minute' : 'minutes'} at most.</p>
  </section>`
}
