import { html } from 'hono/html'
import type { Page } from '../../site/site-adapter.js'
import { clientLabel } from '../../site/pages/authorization-page.js'
import { layout } from '../../site/pages/layout.js'
import type { DeviceDonePage, DevicePage } from './device-settings.js'

/** Creates the form for the code that a device shows. */
export function devicePage({ action, formToken, message }: DevicePage): Page {
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

/** Creates the last page: the device continues, or the user denied the request. */
export function deviceDonePage({ allowed, client }: DeviceDonePage): Page {
  const content = allowed
    ? html`<h1>Your device is connected</h1>
        <p>${clientLabel(client)} continues on its own. You can close this page.</p>`
    : html`<h1>Access denied</h1>
        <p>${clientLabel(client)} got no access. You can close this page.</p>`
  return { html: (nonce) => layout(nonce, allowed ? 'Connected' : 'Not connected', content) }
}
