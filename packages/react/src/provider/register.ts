import type { UserClaims } from '@latchkey/core'

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
 */
export interface Register {}

/** Resolves to the `claims` of a registration, or to the standard claims if it has none. */
export type ClaimsOf<Registration> = Registration extends { claims: infer Claims } ? Claims : UserClaims

/** Resolves to the `clients` of a registration, or to any string if it has none. */
export type NamesOf<Registration> = Registration extends { clients: infer Names extends string } ? Names : string

/** Resolves to the claims type that the app declared in `Register`. */
export type RegisteredClaims = ClaimsOf<Register>

/** Resolves to the client names that the app declared in `Register`. */
export type ClientName = NamesOf<Register>
