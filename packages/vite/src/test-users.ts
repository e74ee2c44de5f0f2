import type { TestUser } from './latchkey-options.js'

/** Who can sign in when nobody else was named. */
export const defaultUsers: readonly TestUser[] = [
  {
    sub: 'ada',
    username: 'ada',
    name: 'Ada Lovelace',
    given_name: 'Ada',
    family_name: 'Lovelace',
    preferred_username: 'ada',
    email: 'ada@example.com',
    email_verified: true,
    locale: 'en-GB',
    zoneinfo: 'Europe/London',
  },
  {
    sub: 'alan',
    username: 'alan',
    name: 'Alan Turing',
    given_name: 'Alan',
    family_name: 'Turing',
    preferred_username: 'alan',
    email: 'alan@example.com',
    email_verified: false,
    locale: 'en-GB',
    zoneinfo: 'Europe/London',
  },
]
