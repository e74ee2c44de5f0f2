import type { ServerContext } from '../options/server-context.js'

/** Client metadata from a registration request, by the names of `ClientRecord`; nothing is checked yet. */
export type ProposedClient = Readonly<Record<string, unknown>>

/** A member of client metadata. */
export interface ClientMetadataMember {
  /** The name in requests and responses. */
  readonly wireName: string
  /** `any`: checked by a rule alone. */
  readonly type: 'text' | 'texts' | 'flag' | 'any'
}

/** Members of client metadata that belong together, and the rules about them. */
export interface ClientMetadataMembers {
  /** By the names of `ClientRecord`. */
  readonly members: Readonly<Record<string, ClientMetadataMember>>
  /** Throws OAuthError `invalid_client_metadata`. */
  readonly check?: (client: ProposedClient, server: ServerContext) => void
}
