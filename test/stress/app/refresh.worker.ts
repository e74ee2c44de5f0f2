import { serveRefreshes } from '@latchkey/core/refresh-worker/host'

serveRefreshes()
