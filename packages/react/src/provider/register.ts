import type { ClientOptions, OAuthClient, UserClaims } from '@latchkey/core'

/**
 * Declares the app's claims type and client names once, for all hooks. Empty until an app extends it:
 *
 * ```ts
 * declare module '@latchkey/react' {
 *   interface Register {
 *     claims: { sub: string; roles: string[] }
 *     clients: 'google' | 'github'
 *   }
 * }
 * ```
 *
 * Or let the types follow from the schemas in the options: `client: typeof client`, or `clients: typeof clients` for the object that is
 * passed to `<OAuthProvider clients>`. A hook that names a client then has the claims of that client.
 */
export interface Register {}

/** Resolves to the claims of a client or of its options: those of its schema, else the standard ones. */
export type ClaimsOfClient<Source> =
  Source extends OAuthClient<infer Claims>
    ? Claims
    : Source extends Pick<ClientOptions<infer Claims>, 'claims'>
      ? unknown extends Claims
        ? UserClaims
        : Claims
      : UserClaims

/** Resolves to the `claims` of a registration, those of its `client`, or the standard claims if it has neither. */
export type ClaimsOf<Registration> = Registration extends { claims: infer Claims }
  ? Claims
  : Registration extends { client: infer Client }
    ? ClaimsOfClient<Client>
    : Registration extends { clients: infer Clients extends object }
      ? ClaimsOfClient<Clients[keyof Clients]>
      : UserClaims

/** Resolves to the names of the `clients` of a registration, or to any string if it has none. */
export type NamesOf<Registration> = Registration extends { clients: infer Clients }
  ? Clients extends string
    ? Clients
    : keyof Clients & string
  : string

/** Resolves to the claims of one client of a registration. */
export type ClaimsOfName<Registration, Name extends string> = Registration extends { clients: infer Clients extends object }
  ? Name extends keyof Clients
    ? ClaimsOfClient<Clients[Name]>
    : ClaimsOf<Registration>
  : ClaimsOf<Registration>

/** Resolves to the claims type that the app declared in `Register`. */
export type RegisteredClaims = ClaimsOf<Register>

/** Resolves to the claims that a hook returns: those that the caller states, else those of the named client. */
export type ClaimsFor<Claims, Name extends string> = [Claims] extends [never] ? ClaimsOfName<Register, Name> : Claims

/** Resolves to the client names that the app declared in `Register`. */
export type ClientName = NamesOf<Register>
