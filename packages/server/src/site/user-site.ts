import { approvalPage } from '../features/ciba/approval-page.js'
import { authorizationPage, type Candidate } from './pages/authorization-page.js'
import type { Interaction, SignedIn, SiteAdapter } from './site-adapter.js'
import { isSameSecret } from '../storage/digest.js'

/** A person who can sign in. */
export interface User {
  readonly sub: string
  /** Default: `sub`. */
  readonly username?: string
  /** Compared as it is: for development and tests. Without it there is no signing in by form or password grant. */
  readonly password?: string
  /** Claims by their own names. @see OpenID Connect Core 1.0, section 5.1 */
  readonly claims?: Readonly<Record<string, unknown>> | undefined
  /** Kept with code and tokens, handed back by `verifyRequest`. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

export interface UserSiteOptions {
  readonly users: readonly User[]
  /** A sign-in page with one button per user in place of a form. Default: true where no user has a password. */
  readonly oneClick?: boolean | undefined
}

/** @returns a site of a few known users, for development, tests and previews; throws a TypeError for two of one name */
export function userSite({
  users,
  oneClick = users.every(({ password }) => password === undefined),
}: UserSiteOptions): SiteAdapter {
  const bySubject = index(users, 'sub', ({ sub }) => sub)
  const byUsername = index(users, 'username', ({ username, sub }) => username ?? sub)
  const candidates = users.map(candidate)

  const withPassword = async (username: string | null, password: string | null): Promise<SignedIn | undefined> => {
    const user = byUsername.get(username ?? '')
    // Compared in any case, so that the time taken does not tell which names exist.
    const isRight = await isSameSecret(password ?? '', user?.password ?? '')
    return user?.password !== undefined && isRight ? signedIn(user, ['pwd']) : undefined
  }
  const fromForm = async (form: URLSearchParams): Promise<SignedIn | undefined> => {
    const user = oneClick ? bySubject.get(form.get('user') ?? '') : undefined
    return user ? signedIn(user, []) : withPassword(form.get('username'), form.get('password'))
  }
  return {
    authenticate({ form, session }: Interaction) {
      const action = form?.get('action')
      if (action === 'switch') return undefined
      if (form && action === 'sign-in') return fromForm(form)
      // A user who was taken off the list is no longer signed in.
      return session && bySubject.has(session.userId) ? session : undefined
    },
    renderAuthorizationPage: (page) => authorizationPage(page, oneClick ? candidates : []),
    userDeniedAccess: ({ form }) => form?.get('action') === 'deny',
    claims(userId) {
      const user = bySubject.get(userId)
      return user && { preferred_username: user.username ?? user.sub, ...user.claims }
    },
    findByLoginHint: ({ loginHint }) =>
      users.find(({ sub, username, claims }) => [sub, username, claims?.['email']].includes(loginHint))?.sub,
    renderApprovalPage: (page) =>
      approvalPage(page, { name: candidates.find(({ userId }) => userId === page.session?.userId)?.name, canSwitch: true }),
    authenticatePassword: ({ username, password }) => withPassword(username, password),
    isActive: (userId) => bySubject.has(userId),
  }
}

function index(users: readonly User[], member: string, nameOf: (user: User) => string): ReadonlyMap<string, User> {
  const byName = new Map(users.map((user) => [nameOf(user), user]))
  if (byName.size < users.length) throw new TypeError(`users: two of them have the same "${member}"`)
  return byName
}

function signedIn({ sub, data }: User, amr: readonly string[]): SignedIn {
  return { userId: sub, ...(data === undefined ? {} : { data }), ...(amr.length === 0 ? {} : { amr }) }
}

function candidate({ sub, username, claims }: User): Candidate {
  const name = typeof claims?.['name'] === 'string' ? claims['name'] : (username ?? sub)
  const detail = typeof claims?.['email'] === 'string' ? claims['email'] : undefined
  return { userId: sub, name, detail }
}
