// Claims are typed from the schema, without a cast.
import { createOAuthClient, createOAuthRegistry, type StandardSchema, type UserClaims } from '@latchkey/core'
import { OAuthProvider, RequireSignIn, requireSignIn, useOAuth, useSuspenseUser, useUser } from '@latchkey/react'

interface Staff {
  readonly sub: string
  readonly roles: readonly string[]
}
declare const staff: StandardSchema<Staff>

const settings = { issuer: 'https://id.example.com', clientId: 'app' }
export const clients = {
  work: createOAuthClient({ ...settings, claims: staff }),
  github: { ...settings, issuer: 'https://github.example' },
}

declare module '@latchkey/react' {
  interface Register {
    clients: typeof clients
  }
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- identical types, not only assignable ones
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
const same = <One, Other>(isSame: Same<One, Other>): boolean => isSame

export const registry = createOAuthRegistry({ work: { ...settings, claims: staff }, plain: settings })
same<typeof registry.names, readonly ('work' | 'plain')[]>(true)
const work = registry.work.getSnapshot()
if (work.status === 'signed-in') same<typeof work.claims, Staff>(true)
const account = registry.client('work', 'second').getSnapshot()
if (account.status === 'signed-in') same<typeof account.claims, Staff>(true)
const plain = registry.plain.getSnapshot()
if (plain.status === 'signed-in') same<typeof plain.claims, UserClaims>(true)
// @ts-expect-error -- the name is not registered, and must not compile
registry.client('other')

export function Profile() {
  const user = useUser('work')
  same<typeof user, Staff>(true)
  const github = useUser('github')
  same<typeof github, UserClaims>(true)
  const stated = useUser<{ readonly sub: string }>()
  same<typeof stated, { readonly sub: string }>(true)
  const suspended = useSuspenseUser('work')
  same<typeof suspended, Staff | undefined>(true)
  const auth = useOAuth('work')
  if (auth.status === 'signed-in') same<typeof auth.claims, Staff>(true)
  // @ts-expect-error -- the name is not registered, and must not compile
  useOAuth('other')
  return <p>{user.roles.join()}</p>
}

export async function load() {
  const user = await requireSignIn(clients.work)
  same<typeof user, Staff>(true)
}

export const app = (
  <OAuthProvider clients={clients}>
    <RequireSignIn>
      <Profile />
    </RequireSignIn>
  </OAuthProvider>
)
