import { relayCallback } from '@latchkey/core/callback'
import { recordAuthorizationResponse } from './network-log/navigations.js'

// Before anything else: the client takes the authorization response out of the address, and a popup only has to hand it over.
recordAuthorizationResponse(location)
const isRelayed = await relayCallback()
if (!isRelayed) {
  const { renderApp } = await import('./app.js')
  renderApp()
}
