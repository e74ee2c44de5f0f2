import { html } from 'hono/html'
import type { ClientRecord } from '../../storage/client-store.js'
import type { Page, PlainForm } from '../../site/site-adapter.js'
import { clientName } from '../../site/pages/authorization-page.js'
import { layout } from '../../site/pages/layout.js'

/** @returns the page that asks for the code that a device shows */
export function devicePage({ action, formToken, message }: PlainForm & { readonly message: string | undefined }): Page {
  const alarm = message === undefined ? html`` : html`<p class="alarm" role="alert">${message}</p>`
  const content = html`<h1>Connect a device</h1>
    <p>Enter the code that your device shows.</p>
    ${alarm}
    <form method="post" action="${action}">
      <input type="hidden" name="csrf" value="${formToken}" />
      <label
        >Code
        <input
          name="user_code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
          maxlength="20"
      /></label>
      <button name="action" value="code">Continue</button>
    </form>`
  return { html: (nonce) => layout(nonce, 'Connect a device', content) }
}

/** @returns the page at the end: the device goes on by itself, or nothing was allowed */
export function deviceDonePage({ allowed, client }: { readonly allowed: boolean; readonly client: ClientRecord }): Page {
  const content = allowed
    ? html`<h1>Your device is connected</h1>
        <p><strong>${clientName(client)}</strong> goes on by itself. You can close this page.</p>`
    : html`<h1>Nothing was allowed</h1>
        <p><strong>${clientName(client)}</strong> got no access. You can close this page.</p>`
  return { html: (nonce) => layout(nonce, allowed ? 'Connected' : 'Not connected', content) }
}
