import { relayCallback } from '@latchkey/core/callback'
import { runFrontChannelPage } from './logout/front-channel-page.js'
import { recordAuthorizationResponse } from './network-log/navigations.js'
import { relayVerifier } from './oauth1/verifier-popup.js'

if (!(await runFrontChannelPage())) await start()

async function start(): Promise<void> {
  // First, because the client removes the authorization response from the URL. A popup only relays it.
  recordAuthorizationResponse(location)
  const isRelayed = relayVerifier(location) || (await relayCallback())
  if (isRelayed) {
    // The popup closes now. If the browser keeps it open, its text must not say that something is loading.
    document.querySelector('.loading')?.replaceChildren('You can close this window.')
    return
  }
  const { renderApp } = await import('./app.js')
  renderApp()
}
