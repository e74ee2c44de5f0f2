import type { AuthorizationRule, AuthorizationServerContext, RequestReader } from '../authorize/authorization-request.js'
import type { RequestContext } from '../http/request-context.js'
import type { Route } from '../http/route.js'
import type { ServerContext } from '../options/server-context.js'
import type { ProofOfPossession } from '../resource/proof-of-possession.js'
import type { BrowserSession } from '../site/site-adapter.js'
import type { AuthorizationDetailsSupport } from '../token/authorization-details-support.js'
import type { ClientRecord } from '../storage/client-record.js'
import type { Grant, TokenServer } from '../token/grants/grant.js'
import type { ClientMetadataMembers } from './client-metadata-members.js'

/** The server as the routes of features see it. */
export interface FeatureServer extends AuthorizationServerContext, TokenServer {
  /** The grants with their handlers. */
  readonly grants: readonly Grant[]
  /** Client metadata that features add. */
  readonly clientMetadata: readonly ClientMetadataMembers[]
}

/** One HTTP request to a route of a feature. */
export type FeatureContext = RequestContext<FeatureServer>

/** Clients that are in no store. */
export interface ClientSource {
  /** Returns the client; undefined if there is none with this id. */
  find(clientId: string, server: FeatureServer): Promise<ClientRecord | undefined>
  /** Returns why `find` has returned none, in printable ASCII, for the description of the error. */
  explainUnknown?(clientId: string, server: FeatureServer): string | undefined
}

/**
 * An optional part of the server in one value. A feature that is not added does not exist: not in the routes, not in the metadata,
 * and, imported from its own entry, not in the bundle.
 */
export interface Feature {
  /** Identifies the feature: it replaces a standard feature of the same name. */
  readonly name: string
  /** The endpoints. */
  readonly routes?: readonly Route<FeatureServer>[] | undefined
  /** The grant at the token endpoint. */
  readonly grant?: Grant | undefined
  /** Rules about authorization requests that need nothing but the client. */
  readonly earlyRules?: readonly AuthorizationRule[] | undefined
  /** Rules about authorization requests that need what the server's own rules add. */
  readonly rules?: readonly AuthorizationRule[] | undefined
  /** Reads authorization requests from another form than plain parameters. */
  readonly readRequest?: RequestReader | undefined
  /** Returns members of the server metadata, by their wire names. */
  readonly metadata?: ((server: ServerContext) => Readonly<Record<string, unknown>>) | undefined
  /** Members of client metadata, for the registration of clients. */
  readonly clientMetadata?: ClientMetadataMembers | undefined
  /** Finds the clients that the store of the options does not have. */
  readonly clients?: ClientSource | undefined
  /** Checks proofs that the sender of a request holds a key. */
  readonly proofOfPossession?: ((server: Pick<ServerContext, 'stores' | 'secret' | 'now'>) => ProofOfPossession) | undefined
  /** Reads authorization details. */
  readonly authorizationDetails?: AuthorizationDetailsSupport | undefined
  /** Called when a user's session ends because another user signs in. */
  readonly onSessionReplaced?: ((session: BrowserSession, server: ServerContext) => Promise<void>) | undefined
  /** Called once, when the server is created. Throws a TypeError that names the option that cannot work. */
  readonly check?: ((server: ServerContext) => void) | undefined
}
