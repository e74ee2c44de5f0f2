import { createError } from '../errors/create-error.js'
import type { OAuthClientError } from '../errors/errors.js'
import type { ClientConfig } from './resolve-options.js'
import type { ClientEvents } from './events.js'
import { createEmitter, type Emitter } from '../platform/emitter.js'
import { warningLogger } from '../platform/logger.js'
import type { ProtocolInternals } from '../protocol/client-registry.js'
import { createProtocolContext, type ProtocolContext } from '../protocol/protocol-context.js'
import { Refresher } from '../refresh/refresher.js'
import { createResourceList, type ResourceList } from '../fetch/resource-list.js'
import type { ServerRecord } from '../protocol/server-metadata.js'
import { Session } from '../session/session.js'
import type { AuthorizationFlow } from '../sign-in/authorization-flow.js'
import { SignIn } from '../sign-in/sign-in.js'
import { loadFlows } from './lazy.js'
import { indexedDb } from '../storage/indexed-db.js'
import { RecordStore } from '../storage/record-store.js'
import { ResilientStorage } from '../storage/resilient-storage.js'
import { aesGcmSeal, noSeal } from '../storage/sealing.js'
import type { TabNews } from '../session/tab-messages.js'

/** Everything a client is made of, wired once. */
export interface ClientParts extends ProtocolInternals {
  readonly config: ClientConfig
  readonly events: Emitter<ClientEvents>
  readonly storage: ResilientStorage
  readonly records: RecordStore
  readonly session: Session
  readonly refresher: Refresher
  readonly resources: ResourceList
  readonly flow: AuthorizationFlow
  readonly signIn: SignIn
}

/** @param announce tells the other tabs */
export function createClientParts(config: ClientConfig, announce: (news: TabNews) => void): ClientParts {
  const { environment, options, key } = config
  const prefix = `latchkey/${key}`
  const events = createEmitter<ClientEvents>()
  const storage = new ResilientStorage(config.storage, (cause) => events.emit('storage-degraded', { error: storageError(cause) }))
  const seal = config.storage.keepsCryptoKeys ? aesGcmSeal(config.storage) : noSeal
  const records = new RecordStore(storage, seal, environment.now)
  const context = createContext(config, records, `${prefix}/server`)
  // A session brings along what was learned of the device's clock.
  events.on('token-set', ({ tokenSet }) => context.noteClockOffset(tokenSet.clockOffsetSeconds ?? context.clockOffsetSeconds()))
  const session = new Session({ options, records, key: `${prefix}/session`, events, announce })
  const resources = createResourceList(options.resources, environment.window?.location.origin)
  const flowParts = { config, session, context, records, storage, events }
  const flow: AuthorizationFlow = {
    createRequest: async (input, signal) => (await loadFlows()).createRequest(flowParts, input, signal),
    redeemResponse: async (url, startedAt) => (await loadFlows()).redeemResponse(flowParts, url, startedAt),
  }
  const refresher = new Refresher({ ...flowParts, flow })
  const signIn = new SignIn({ config, session, flow, loadSteps: loadFlows })
  const establish: ProtocolInternals['establish'] = async (tokenSet, reason) => {
    const { establishSession } = await loadFlows()
    return establishSession(session, { tokenSet, reason })
  }
  return { establish, config, events, storage, records, session, context, refresher, resources, flow, signIn }
}

function createContext({ environment, options, storage }: ClientConfig, records: RecordStore, key: string): ProtocolContext {
  return createProtocolContext(options, {
    environment,
    logger: options.logger ?? warningLogger,
    load: async () => (await loadFlows()).protocolLoaders,
    // Keys that cannot be exported stay in IndexedDB wherever the tokens are: the response must find the key that the request named.
    keyStore: { storage: new ResilientStorage(storage.keepsCryptoKeys ? storage : indexedDb(), () => undefined), prefix: key },
    serverCache: {
      async read() {
        const record = await records.read(key)
        const stored = record && record !== 'unreadable' ? (record.value as Partial<ServerRecord> | null) : undefined
        return stored?.metadata && (stored as ServerRecord)
      },
      write: (record) => records.write(key, record),
    },
  })
}

function storageError(cause: unknown): OAuthClientError {
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : 'unknown reason'
  return createError('storage', `the browser's storage failed (${reason}): the session goes on in memory`, {
    hint: 'Nothing to do for now; after a reload the person signs in again. Private windows, full disks and blocked site data cause this.',
    cause,
  })
}
