import * as core from '@latchkey/core'
import * as accounts from '@latchkey/core/accounts'
import * as clientAuth from '@latchkey/core/client-auth'
import * as endpoints from '@latchkey/core/endpoints'
import * as frontChannelLogout from '@latchkey/core/front-channel-logout'
import * as grants from '@latchkey/core/grants'
import * as idleTimeout from '@latchkey/core/idle-timeout'
import * as native from '@latchkey/core/native'
import * as providers from '@latchkey/core/providers'
import * as registry from '@latchkey/core/registry'
import * as sessionMonitor from '@latchkey/core/session-monitor'
import * as worker from '@latchkey/core/worker'
import * as workerHost from '@latchkey/core/worker/host'
import * as react from '@latchkey/react'
import * as devtools from '@latchkey/react/devtools'
import * as devtoolsStart from '@latchkey/react/devtools/start'
import * as testing from '@latchkey/react/testing'

export const entries = [
  core,
  accounts,
  clientAuth,
  endpoints,
  frontChannelLogout,
  grants,
  idleTimeout,
  native,
  providers,
  registry,
  sessionMonitor,
  worker,
  workerHost,
  react,
  devtools,
  devtoolsStart,
  testing,
]
