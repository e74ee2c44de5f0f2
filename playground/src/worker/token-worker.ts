// The worker of the page “Tokens in a worker”: the tokens are here, and no message to the page contains one.
import { serveClient } from '@latchkey/core/worker/host'

// The connection is chosen in the page, so it is in the worker's URL. An app has its options in this file.
const { issuer = '', clientId = '', scope = '' } = Object.fromEntries(new URLSearchParams(location.search))

serveClient({ issuer, clientId, scope, name: 'worker page', redirectUri: `${location.origin}/` })
