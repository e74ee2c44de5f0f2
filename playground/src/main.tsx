import { relayCallback } from '@latchkey/core/callback'
import { noteArrival } from './wire/navigations.js'

// Before anything else: the client takes the authorization response out of the address, and a popup only has to hand it over.
noteArrival(location)
const isRelayed = await relayCallback()
if (!isRelayed) {
  const { renderApp } = await import('./app.js')
  renderApp()
}
