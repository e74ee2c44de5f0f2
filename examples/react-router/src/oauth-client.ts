import { createOAuthClient } from '@latchkey/core'
import settings from 'virtual:latchkey'

/** Outside of React, because the loaders need it too. */
export const client = createOAuthClient(settings)
