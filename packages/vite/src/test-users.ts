import type { User } from '@latchkey/server'

/** The users if the option `users` is absent. Their passwords are for the password grant; the sign-in page has buttons. */
export const DEFAULT_USERS: readonly User[] = [
  {
    sub: 'ada',
    password: 'ada',
    claims: {
      name: 'Ada Lovelace',
      given_name: 'Ada',
      family_name: 'Lovelace',
      email: 'ada@example.com',
      email_verified: true,
      locale: 'en-GB',
      zoneinfo: 'Europe/London',
    },
  },
  {
    sub: 'alan',
    password: 'alan',
    claims: {
      name: 'Alan Turing',
      given_name: 'Alan',
      family_name: 'Turing',
      email: 'alan@example.com',
      email_verified: false,
      locale: 'en-GB',
      zoneinfo: 'Europe/London',
    },
  },
]
