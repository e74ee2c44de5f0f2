import { relayCallback } from '@latchkey/core/callback'
import { recordAuthorizationResponse } from './network-log/navigations.js'
import { relayVerifier } from './oauth1/verifier-popup.js'

// First, because the client removes the authorization response from the URL. A popup only relays it.
recordAuthorizationResponse(location)
const isRelayed = relayVerifier(location) || (await relayCallback())
if (!isRelayed) {
  const { renderApp } = await import('./app.js')
  renderApp()
}
