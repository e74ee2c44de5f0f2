import { dpop } from '../features/dpop/dpop.js'
import type { Feature, FeatureServer } from '../features/feature.js'
import { jar } from '../features/jar/jar.js'
import { logout } from '../features/logout/logout.js'
import { par } from '../features/par/par.js'
import type { Route } from '../http/route.js'
import type { ResolvedOptions } from '../options/resolve-options.js'
import type { MetadataServer } from '../resource/metadata.js'
import { NO_PROOF_OF_POSSESSION } from '../resource/proof-of-possession.js'
import { NO_AUTHORIZATION_DETAILS } from '../token/authorization-details-support.js'
import { checkGrants } from '../token/grants/check-grants.js'
import { CORE_ROUTES } from './core-routes.js'
import { isRecord } from '@latchkey/resource/internals'
import { checkMembers, type MembersOf } from '../options/check-members.js'
import { withSources } from './with-sources.js'
import { checkEndpointPaths, endpointPath, type EndpointPaths } from '../http/endpoint-paths.js'

/** Features that every server has. */
const STANDARD_FEATURES: readonly Feature[] = [par(), jar(), dpop(), logout()]

type Server = FeatureServer & MetadataServer

/** The parts of a server after all features have been added. */
export interface AssembledServer {
  readonly context: Server
  readonly routes: readonly Route<Server>[]
}

/** Adds the features to what the options resolve to. Throws a TypeError if a feature cannot work with the options. */
export function addFeatures(resolved: ResolvedOptions, added: readonly Feature[], paths: EndpointPaths = {}): AssembledServer {
  const features = withStandardFeatures(added)
  const standard = [...CORE_ROUTES, ...features.flatMap((feature) => feature.routes ?? [])]
  checkPaths(paths, standard)
  const routes = standard.map((route) => ({ ...route, path: endpointPath(route.path, paths) }))
  const proof = features.find((feature) => feature.proofOfPossession)?.proofOfPossession
  const context: Server = {
    ...resolved,
    clients: withSources(
      resolved.clients,
      features.map((feature) => feature.clients).filter((source) => source !== undefined),
      () => context,
    ),
    grants: [...resolved.grants, ...features.flatMap(({ grant }) => grant ?? [])],
    assertionAudiences: [
      resolved.issuer,
      resolved.base,
      ...routes.filter((route) => route.authenticatesClients).map(({ path }) => resolved.base + path),
    ],
    earlyRules: features.flatMap(({ earlyRules }) => earlyRules ?? []),
    lateRules: features.flatMap(({ rules }) => rules ?? []),
    requestReaders: features.flatMap(({ readRequest }) => readRequest ?? []),
    clientMetadata: features.flatMap(({ clientMetadata }) => clientMetadata ?? []),
    authorizationDetails:
      features.find((feature) => feature.authorizationDetails)?.authorizationDetails ?? NO_AUTHORIZATION_DETAILS,
    proofOfPossession: proof?.(resolved) ?? NO_PROOF_OF_POSSESSION,
    featureMetadata: () => Object.fromEntries(features.flatMap(({ metadata }) => Object.entries(metadata?.(context) ?? {}))),
    async notifySessionReplaced(session) {
      for (const { onSessionReplaced } of features) await onSessionReplaced?.(session, context)
    },
  }
  checkGrants(context.grants)
  for (const feature of features) feature.check?.(context)
  return { context, routes }
}

/** The paths of metadata are standard (RFC 8414, section 3). */
function checkPaths(paths: EndpointPaths, routes: readonly Pick<Route, 'path'>[]): void {
  const all = routes.map(({ path }) => path)
  const names = all.filter((path) => !path.startsWith('/.well-known/')).map((path) => path.slice(1).replace(/\/:.*$/, ''))
  checkMembers(paths, Object.fromEntries(names.map((name) => [name, true])), { name: 'paths' })
  checkEndpointPaths(paths, all)
}

const FEATURE_MEMBERS: MembersOf<Feature> = {
  name: true,
  routes: true,
  grant: true,
  earlyRules: true,
  rules: true,
  readRequest: true,
  metadata: true,
  clientMetadata: true,
  proofOfPossession: true,
  clients: true,
  authorizationDetails: true,
  onSessionReplaced: true,
  check: true,
}

function checkFeature(feature: unknown): void {
  if (typeof feature === 'function')
    throw new TypeError(`features: expected what a function returns, not the function: call it, "${feature.name}()"`)
  if (!isRecord(feature) || typeof feature['name'] !== 'string')
    throw new TypeError('features: expected an object with a "name", such as what device() returns')
  checkMembers(feature, FEATURE_MEMBERS, { name: 'features', of: feature['name'] })
}

/** A feature replaces the standard feature of the same name. Throws a TypeError for a name that is used twice. */
function withStandardFeatures(added: readonly Feature[]): readonly Feature[] {
  for (const feature of added) checkFeature(feature)
  const names = added.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw new TypeError(`features: "${repeated}" is added twice`)
  const standard = STANDARD_FEATURES.map((feature) => added.find(({ name }) => name === feature.name) ?? feature)
  return [...standard, ...added.filter((feature) => !standard.includes(feature))]
}
