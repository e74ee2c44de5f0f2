// Every entry of the client for browsers, without the types of Node.
import * as core from '@latchkey/core'
import * as accounts from '@latchkey/core/accounts'
import * as attempts from '@latchkey/core/attempts'
import * as callback from '@latchkey/core/callback'
import * as clientAuth from '@latchkey/core/client-auth'
import * as doctor from '@latchkey/core/doctor'
import * as endpoints from '@latchkey/core/endpoints'
import * as frontChannelLogout from '@latchkey/core/front-channel-logout'
import * as grants from '@latchkey/core/grants'
import * as idleTimeout from '@latchkey/core/idle-timeout'
import * as native from '@latchkey/core/native'
import * as providers from '@latchkey/core/providers'
import * as refreshWorker from '@latchkey/core/refresh-worker'
import * as refreshWorkerHost from '@latchkey/core/refresh-worker/host'
import * as registry from '@latchkey/core/registry'
import * as sessionMonitor from '@latchkey/core/session-monitor'
import * as telemetry from '@latchkey/core/telemetry'
import * as worker from '@latchkey/core/worker'
import * as workerHost from '@latchkey/core/worker/host'
import * as oauth1 from '@latchkey/oauth1'
import * as signature from '@latchkey/oauth1/signature'

export const entries = [core, callback, clientAuth, doctor, endpoints, frontChannelLogout, grants, idleTimeout, native, providers]
export const more = [
  accounts,
  attempts,
  refreshWorker,
  refreshWorkerHost,
  registry,
  sessionMonitor,
  telemetry,
  worker,
  workerHost,
  oauth1,
  signature,
]

declare const maybe: string | undefined
declare const shared: SharedWorker | undefined

export const relayed = callback.relayCallback()
export const direct = refreshWorker.refreshInWorker(shared)
export const transport = native.externalBrowserTransport('own', { open: () => undefined, onUrl: () => () => undefined }, {})
export const client = core.createOAuthClient({ issuer: 'https://id.example.com', clientId: 'app', fetch: direct, scope: maybe })
