import { html } from 'hono/html'
import type { ApprovalOutcome, ApprovalPage, Page, WaitingRequest } from '../../site/site-adapter.js'
import { clientName, meaningOf } from '../../site/pages/authorization-page.js'
import { layout, type Markup } from '../../site/pages/layout.js'

const OUTCOMES: Readonly<Record<ApprovalOutcome, readonly [title: string, text: string]>> = {
  approved: ['Approved', 'The application goes on by itself. You can close this page.'],
  denied: ['Refused', 'The application got no access. You can close this page.'],
  gone: ['No longer waiting', 'This request has been answered, or its time is over.'],
  stale: ['Nothing was decided', 'This page was open for too long, or cookies are off. Please try again.'],
  'not-signed-in': ['Nothing was decided', 'You did not sign in.'],
}

/** What a site that knows more can put on the page. */
interface SiteKnowledge {
  /** What people call the person who is signed in. Default: their id. */
  readonly name?: string | undefined
  /** Whether a form with the `action` `switch` leads to the sign-in. */
  readonly canSwitch?: boolean
}

/** @returns the page of what waits: a plain form for each request, no script */
export function approvalPage(page: ApprovalPage, { name = page.session?.userId, canSwitch = false }: SiteKnowledge = {}): Page {
  const { outcome, requests, listUri, session } = page
  const title = outcome ? OUTCOMES[outcome][0] : requests.length > 0 ? 'Do you approve?' : 'Nothing waits for you'
  const content = html`<h1>${title}</h1>
    ${outcome ? html`<p role="status">${OUTCOMES[outcome][1]}</p>` : html``} ${requests.map((request) => waiting(request, page))}
    <p class="note">
      ${session ? html`Signed in as <strong>${name}</strong>. ` : html``}
      <a href="${listUri}">${session ? 'Look for new requests' : 'Sign in'}</a>
    </p>
    ${session && canSwitch ? switchAccount(page) : html``}`
  return { html: (nonce) => layout(nonce, title, content) }
}

function switchAccount({ action, formToken }: ApprovalPage): Markup {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${formToken}" />
    <button class="quiet" name="action" value="switch">Use another account</button>
  </form>`
}

function timeLeft(seconds: number): string {
  return seconds < 100 ? `${seconds} more seconds` : `${Math.round(seconds / 60)} more minutes`
}

function waiting(request: WaitingRequest, { action, formToken }: ApprovalPage): Markup {
  const { requestId, client, scope, detailsTexts, bindingMessage, secondsLeft } = request
  // Of several requests each button is known by its client and message.
  const about = bindingMessage === undefined ? requestId : `${requestId} ${requestId}-message`
  return html`<article aria-labelledby="${requestId}">
    <h2 id="${requestId}">${clientName(client)} asks to</h2>
    <ul>
      ${detailsTexts.map((text) => html`<li><strong>${text}</strong></li>`)}
      ${scope.map((one) => html`<li>${meaningOf(one)}</li>`)}
    </ul>
    ${
      bindingMessage === undefined
        ? html`<p>Approve only what you began yourself.</p>`
        : html`<p>Approve only if you see this very message where you began:</p>
            <p class="message" id="${requestId}-message"><bdi>${bindingMessage}</bdi></p>`
    }
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <input type="hidden" name="request" value="${requestId}" />
      <button name="decision" value="approve" aria-describedby="${about}">Approve</button>
      <button class="quiet" name="decision" value="deny" aria-describedby="${about}">Refuse</button>
    </form>
    <p class="note">Waits for ${timeLeft(secondsLeft)} at most.</p>
  </article>`
}
