import { createOAuthClient, type OAuthClient, type OAuthClientError, type StandardSchema, type UserClaims } from '@latchkey/core'
import { expectTypeOf } from 'vitest'
import {
  OAuthProvider,
  requireSignIn,
  useAuthedFetch,
  useAuthedQuery,
  useOAuth,
  useSessionEvent,
  useSuspenseUser,
  useUser,
  useUserInfo,
  type ClaimsOf,
  type ClaimsOfName,
  type NamesOf,
  type OAuthProviderProps,
} from '../index.js'

interface Staff {
  readonly sub: string
  readonly roles: readonly string[]
}
declare const staff: StandardSchema<Staff>

export function ClaimsExistExactlyWhenSignedIn() {
  const { isSignedIn, claims } = useOAuth()
  if (isSignedIn) expectTypeOf(claims).toEqualTypeOf<UserClaims>()
  else expectTypeOf(claims).toEqualTypeOf<undefined>()

  const auth = useOAuth()
  if (auth.status === 'signed-in') expectTypeOf(auth.claims.name).toEqualTypeOf<string | undefined>()
  else expectTypeOf(auth.status).toEqualTypeOf<'restoring' | 'signed-out'>()
  // @ts-expect-error -- there may be no user
  return auth.claims.name
}

export const THE_ERROR_ELEMENT_OF_THE_PROVIDER_IS_TYPED: OAuthProviderProps = {
  ...{ issuer: 'https://id.example', clientId: 'app', restoring: 'Loading', callback: null },
  error: ({ error, login, dismiss, name }) => {
    expectTypeOf(error).toEqualTypeOf<OAuthClientError>()
    expectTypeOf(name).toEqualTypeOf<string>()
    expectTypeOf(dismiss).toEqualTypeOf<() => void>()
    return <button onClick={() => void login({ transport: 'popup' })}>{error.hint}</button>
  },
}

export function ClaimsExistOnceTheOtherStatesAreExcludedOneByOne() {
  const { status, claims, client } = useOAuth()
  if (status === 'restoring') return undefined
  if (status === 'signed-out') return undefined
  expectTypeOf(claims).toEqualTypeOf<UserClaims>()
  const state = client.getSnapshot()
  if (state.status === 'restoring') return undefined
  if (state.status === 'signed-out') return undefined
  return expectTypeOf(state.claims).toEqualTypeOf<UserClaims>()
}

export function ClaimsAreTypedByTheCaller() {
  const { claims, client } = useOAuth<Staff>()
  expectTypeOf(claims).toEqualTypeOf<Staff | undefined>()
  expectTypeOf(client).toEqualTypeOf<OAuthClient<Staff>>()
  expectTypeOf(useSuspenseUser<Staff>()).toEqualTypeOf<Staff | undefined>()
  const typed = createOAuthClient({ issuer: 'https://id.example', clientId: 'app', claims: staff })
  expectTypeOf(requireSignIn(typed)).resolves.toEqualTypeOf<Staff>()
  return (
    <OAuthProvider client={typed}>
      <OAuthProvider clients={{ typed, inline: { issuer: 'https://id.example', clientId: 'app', claims: staff } }} />
      <OAuthProvider issuer="https://id.example" clientId="app" claims={staff} />
    </OAuthProvider>
  )
}

export function ProviderTakesOneKindOfClientProps(client: OAuthClient) {
  return [
    // @ts-expect-error -- no client at all
    <OAuthProvider key={1} />,
    // @ts-expect-error -- a client and options
    <OAuthProvider key={2} client={client} clientId="app" issuer="https://id.example" />,
    // @ts-expect-error -- one client and several
    <OAuthProvider key={3} client={client} clients={{}} />,
  ]
}

export function RegistrationTypesEveryHook() {
  expectTypeOf<ClaimsOf<{ claims: Staff }>>().toEqualTypeOf<Staff>()
  expectTypeOf<ClaimsOf<object>>().toEqualTypeOf<UserClaims>()
  expectTypeOf<NamesOf<{ clients: 'google' | 'github' }>>().toEqualTypeOf<'google' | 'github'>()
  expectTypeOf<NamesOf<object>>().toEqualTypeOf<string>()
  const clients = { work: createOAuthClient({ clientId: 'a', claims: staff }), github: { clientId: 'b' } }
  type FromClients = { clients: typeof clients }
  expectTypeOf<NamesOf<FromClients>>().toEqualTypeOf<'work' | 'github'>()
  expectTypeOf<ClaimsOfName<FromClients, 'work'>>().toEqualTypeOf<Staff>()
  expectTypeOf<ClaimsOfName<FromClients, 'github'>>().toEqualTypeOf<UserClaims>()
  expectTypeOf<ClaimsOf<{ client: OAuthClient<Staff> }>>().toEqualTypeOf<Staff>()
  expectTypeOf(useUser()).toEqualTypeOf<UserClaims>()
  expectTypeOf(useUser<Staff>()).toEqualTypeOf<Staff>()
}

export function QueriesInferTheirData() {
  expectTypeOf(useUserInfo().data).toEqualTypeOf<UserClaims | undefined>()
  expectTypeOf(useUserInfo().error).toEqualTypeOf<OAuthClientError | null>()
  expectTypeOf(useUserInfo({ select: ({ email }) => email }).data).toEqualTypeOf<string | undefined>()
  const query = useAuthedQuery({
    queryKey: ['me'],
    queryFn: async (fetch, { signal }) => ({ isOk: (await fetch('/api/me', { signal })).ok }),
    select: ({ isOk }) => isOk,
  })
  expectTypeOf(query.data).toEqualTypeOf<boolean | undefined>()
}

export function EventsAndLoginOptionsAreTyped() {
  expectTypeOf(useAuthedFetch()).toExtend<typeof fetch>()
  useSessionEvent('signed-out', ({ reason }) => {
    expectTypeOf(reason).toEqualTypeOf<'logout' | 'other-tab' | 'session-ended' | 'user-changed'>()
  })
  // @ts-expect-error -- no such event
  useSessionEvent('signed-off', () => undefined)
  const { login } = useOAuth()
  // @ts-expect-error -- a mouse event is not a LoginOptions
  void login(new MouseEvent('click'))
}
