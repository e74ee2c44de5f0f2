import { createOAuthClient } from '@latchkey/core'
import settings from 'virtual:latchkey'

/** Outside of React, because the loaders need it too. Its tokens are bound to a key that never leaves the browser. */
export const client = createOAuthClient({ ...settings, dpop: true })
