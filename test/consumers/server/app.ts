import * as server from '@latchkey/server'
import * as ciba from '@latchkey/server/ciba'
import * as clientIdMetadata from '@latchkey/server/client-id-metadata'
import * as device from '@latchkey/server/device'
import * as hono from '@latchkey/server/hono'
import * as memcached from '@latchkey/server/memcached'
import * as node from '@latchkey/server/node'
import * as oauth1 from '@latchkey/server/oauth1'
import * as rar from '@latchkey/server/rar'
import * as redis from '@latchkey/server/redis'
import * as registration from '@latchkey/server/registration'
import * as sqlite from '@latchkey/server/sqlite'
import * as vite from '@latchkey/vite'

export const entries = [
  server,
  ciba,
  clientIdMetadata,
  device,
  hono,
  memcached,
  node,
  oauth1,
  rar,
  redis,
  registration,
  sqlite,
  vite,
]
