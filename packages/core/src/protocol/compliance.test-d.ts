import { createOAuthClient } from '../client/create-client.js'

const base = { issuer: 'https://id.example', clientId: 'app' }

// A hook of another name would never be called.
createOAuthClient({ ...base, compliance: { tokenResponse: (response) => response } })
// @ts-expect-error -- no such hook
createOAuthClient({ ...base, compliance: { accessTokenResponse: (response: Response) => response } })

// One text, as on the wire, or a list, whose values may be fixed.
createOAuthClient({ ...base, scope: 'openid profile' })
createOAuthClient({ ...base, scope: ['openid', 'profile'] as const })
// @ts-expect-error -- a list of text
createOAuthClient({ ...base, scope: ['openid', 1] })
