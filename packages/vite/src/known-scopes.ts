import type { Logger } from 'vite'
import { SCOPES } from './embedded-server.js'
import type { LatchkeyOptions } from './latchkey-options.js'
import { nearestName } from './nearest-name.js'

/** A page can request any number of names. */
const MAX_WARNINGS = 10
/** Scope names that can be printed as they are (RFC 6749, section 3.3). */
const SCOPE_NAME = /^[\x21\x23-\x5b\x5d-\x7e]{1,60}$/

/** Returns the scope names that the embedded server grants. */
export function knownScopes({ clients = [], server = {} }: LatchkeyOptions): readonly string[] {
  const ofGrants = server.grants?.flatMap(({ scopes = [] }) => scopes) ?? []
  const ofClients = clients.flatMap((client) => client.scope?.split(' ') ?? [])
  return [...(server.scopes ?? SCOPES), ...ofGrants, ...ofClients]
}

/** Says what to do about a scope name that the embedded server does not know. */
export function scopeHint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  return nearest ? `Did you mean "${nearest}"?` : 'Add it to "server.scopes".'
}

/**
 * Creates a function that reads the URLs of authorization requests. It warns in the terminal of scope names that the server does not know, of
 * each one once: the server leaves them out, and the app would notice with the API's first 403.
 */
export function watchScopes(options: LatchkeyOptions, logger: Logger): (url: string) => void {
  const known = new Set(knownScopes(options))
  const warned = new Set<string>()
  // An empty list makes the server ignore the parameter.
  if (options.server?.scopes?.length === 0) return () => undefined
  return (url) => {
    const parameters = new URLSearchParams(url.slice(url.indexOf('?') + 1))
    if (!parameters.has('response_type')) return
    const unknown =
      parameters
        .get('scope')
        ?.split(' ')
        .filter((name) => SCOPE_NAME.test(name) && !known.has(name)) ?? []
    for (const name of unknown) {
      if (warned.has(name) || warned.size >= MAX_WARNINGS) continue
      warned.add(name)
      logger.warn(
        `[latchkey] The app requested the scope "${name}", which the server does not know and leaves out. ${scopeHint(name, [...known])}`,
        { timestamp: true },
      )
    }
  }
}
