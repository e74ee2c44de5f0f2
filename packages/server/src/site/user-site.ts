import type { RegistrationMismatch } from '../http/oauth-error.js'
import { isSameSecret } from '../storage/digest.js'
import { authorizationPage, type Candidate } from './pages/authorization-page.js'
import { errorPage } from './pages/plain-pages.js'
import { registrationHelp, type RegistrationFix } from './pages/registration-help.js'
import type { Interaction, AuthenticatedUser, SiteAdapter } from './site-adapter.js'
import { checkMembers, type MembersOf } from '../options/check-members.js'

/** A user of {@link userSite}. */
export interface User {
  /** Identifies the user in tokens. */
  readonly sub: string
  /** The name that the user enters. Default: `sub`. */
  readonly username?: string | undefined
  /** Compared as plain text: for development and tests. Without it, the user cannot sign in by form or password grant. */
  readonly password?: string | undefined
  /** Claims by their names. @see OpenID Connect Core 1.0, section 5.1 */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Stored with code and tokens, and returned by `verifyRequest`. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** Options of {@link userSite}. */
export interface UserSiteOptions {
  /** The users who can sign in. */
  readonly users: readonly User[]
  /** Show a sign-in page with one button per user instead of a form. Default: true if no user has a password. */
  readonly oneClick?: boolean | undefined
  /**
   * For servers that only developers use: says how to fix a request with an unknown client or an unregistered redirect URI. The error
   * page shows it, with the received and the registered redirect URIs. Default: the page shows none of them.
   */
  readonly explainMismatch?: ((mismatch: RegistrationMismatch) => RegistrationFix) | undefined
}

const USER_MEMBERS: MembersOf<User> = { sub: true, username: true, password: true, claims: true, data: true }

/** Creates a site with a fixed list of users, for development, tests and previews. Throws a TypeError for two users of one name. */
export function userSite(options: UserSiteOptions): SiteAdapter {
  checkUsers(options)
  const { users, oneClick = users.every(({ password }) => password === undefined) } = options
  const bySubject = index(users, 'sub', ({ sub }) => sub)
  const byUsername = index(users, 'username', ({ username, sub }) => username ?? sub)
  const candidates = users.map(candidate)

  const withPassword = async (username: string | null, password: string | null): Promise<AuthenticatedUser | undefined> => {
    const user = byUsername.get(username ?? '')
    // Compared even for an unknown user, so that the duration does not reveal which names exist.
    const isMatch = await isSameSecret(password ?? '', user?.password ?? '')
    return user?.password !== undefined && isMatch ? signedIn(user, ['pwd']) : undefined
  }
  const fromForm = async (form: URLSearchParams): Promise<AuthenticatedUser | undefined> => {
    const user = oneClick ? bySubject.get(form.get('user') ?? '') : undefined
    return user ? signedIn(user, []) : withPassword(form.get('username'), form.get('password'))
  }
  return {
    authenticate({ form, session, answered }: Interaction) {
      const action = form?.get('action')
      if (action === 'switch') return undefined
      // The sender of a form writes its action, and the session alone is no sign-in.
      if (form && (action === 'sign-in' || answered === 'sign-in')) return fromForm(form)
      // A user who was removed from the list is no longer signed in.
      return session && bySubject.has(session.userId) ? session : undefined
    },
    renderAuthorizationPage: (page) => authorizationPage(page, oneClick ? candidates : []),
    // Only the button consents, not a form with something else.
    userDeniedAccess: ({ form, answered }) =>
      form?.get('action') === 'deny' || (answered === 'consent' && form?.get('action') !== 'consent'),
    claims(userId) {
      const user = bySubject.get(userId)
      return user && { preferred_username: user.username ?? user.sub, ...user.claims }
    },
    findByLoginHint: ({ loginHint }) =>
      users.find(({ sub, username, claims }) => [sub, username, claims?.['email']].includes(loginHint))?.sub,
    accounts: { nameOf: (userId) => candidates.find((known) => known.userId === userId)?.name },
    authenticatePassword: ({ username, password }) => withPassword(username, password),
    isActive: (userId) => bySubject.has(userId),
    renderErrorPage: (error) => {
      const { registration } = error
      const fix = registration && options.explainMismatch?.(registration)
      return errorPage(error, fix && registrationHelp(registration, fix))
    },
  }
}

function checkUsers(options: UserSiteOptions): void {
  checkMembers(options, { users: true, oneClick: true, explainMismatch: true } satisfies MembersOf<UserSiteOptions>, {
    name: 'userSite',
  })
  if (!Array.isArray(options.users)) throw new TypeError('users: expected a list of users')
  const { explainMismatch } = options
  if (explainMismatch !== undefined && typeof explainMismatch !== 'function')
    throw new TypeError('userSite: "explainMismatch": expected a function')
  for (const user of options.users) checkUser(user)
}

function checkUser(user: User): void {
  const { sub } = user
  checkMembers(user, USER_MEMBERS, { name: 'users', of: sub, hint: ' Put claims, such as name and email, into "claims".' })
  if (typeof sub !== 'string' || sub.trim() === '')
    throw new TypeError('users: every user needs a "sub" that is a string (OpenID Connect Core 1.0, section 2)')
  for (const name of ['username', 'password'] as const) {
    if (user[name] !== undefined && typeof user[name] !== 'string')
      throw new TypeError(`users: "${name}" of "${sub}": expected a string`)
    if (user[name]?.trim() === '')
      throw new TypeError(`users: "${name}" of "${sub}": expected a string that is not empty. Omit it for a user without`)
  }
}

function index(users: readonly User[], member: string, nameOf: (user: User) => string): ReadonlyMap<string, User> {
  const byName = new Map(users.map((user) => [nameOf(user), user]))
  if (byName.size < users.length) throw new TypeError(`users: two of them have the same "${member}"`)
  return byName
}

function signedIn({ sub, data }: User, amr: readonly string[]): AuthenticatedUser {
  return { userId: sub, data, amr: amr.length === 0 ? undefined : amr }
}

function candidate({ sub, username, claims }: User): Candidate {
  const name = typeof claims?.['name'] === 'string' ? claims['name'] : (username ?? sub)
  const detail = typeof claims?.['email'] === 'string' ? claims['email'] : undefined
  return { userId: sub, name, detail }
}
