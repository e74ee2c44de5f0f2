import settings from 'virtual:latchkey'
import type { Connection } from './connection.js'

/** The authorization server inside this dev server. */
export const builtInConnection: Connection = { issuer: settings.issuer, clientId: settings.clientId, scope: settings.scope }
