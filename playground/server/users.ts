import type { User } from '@latchkey/server'

/** The test users of both servers: OAuth 2 and OAuth 1.0a. The passwords are for the password grant. */
export const users: readonly User[] = [
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
