import { createAccounts } from '@latchkey/core/accounts'
import settings from 'virtual:latchkey'

/** Each account has its own session, tokens and refreshes. The scope offline_access keeps them when the user at the server changes. */
export const accounts = createAccounts(settings)
