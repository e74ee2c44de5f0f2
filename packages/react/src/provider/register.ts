import type { UserClaims } from '@latchkey/core'

/**
 * Empty: an app says here, once, what its users' claims and its clients are, and every hook is typed by it.
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

/** The claims that a registration names, else the standard ones. */
export type ClaimsOf<Registration> = Registration extends { claims: infer Claims } ? Claims : UserClaims

/** The client names that a registration names, else any string. */
export type NamesOf<Registration> = Registration extends { clients: infer Names extends string } ? Names : string

export type RegisteredClaims = ClaimsOf<Register>
export type ClientName = NamesOf<Register>
