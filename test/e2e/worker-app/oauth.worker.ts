// The app's worker file. An app writes these values as constants; here they are in the URL, because the ports of the test's servers vary.
import { serveClient } from '@latchkey/core/worker/host'

const { searchParams } = new URL(self.location.href)

serveClient({
  issuer: searchParams.get('issuer') ?? '',
  clientId: 'spa',
  scope: 'openid profile email offline_access',
  resources: [searchParams.get('api') ?? ''],
})
