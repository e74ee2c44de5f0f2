// The app's own worker file. What an app writes in here as constants comes from the URL, since a test's servers are on new ports.
import { serveClient } from '@latchkey/core/worker/host'

const { searchParams } = new URL(self.location.href)

serveClient({
  issuer: searchParams.get('issuer') ?? '',
  clientId: 'spa',
  scope: 'openid profile email offline_access',
  resources: [searchParams.get('api') ?? ''],
})
