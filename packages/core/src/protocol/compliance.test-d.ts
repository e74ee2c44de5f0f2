import { createOAuthClient } from '../client/create-client.js'

const base = { issuer: 'https://id.example', clientId: 'app' }

// A hook of another name would never be called.
createOAuthClient({ ...base, compliance: { tokenResponse: (response) => response } })
// @ts-expect-error -- no such hook
createOAuthClient({ ...base, compliance: { accessTokenResponse: (response: Response) => response } })

// The scope is one string, as on the wire, so that it can be compared as it is.
createOAuthClient({ ...base, scope: 'openid profile' })
// @ts-expect-error -- not a list
createOAuthClient({ ...base, scope: ['openid', 'profile'] })
