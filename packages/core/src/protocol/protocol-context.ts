import type { Environment } from '../platform/environment.js'
import type { Logger } from '../platform/logger.js'
import type { ProtocolOptions } from './protocol-options.js'
import type { ServerRecord } from './server-metadata.js'

/** Where keys that cannot be exported are stored (DPoP). */
export interface KeyStore {
  readonly storage: {
    get(key: string): Promise<unknown>
    /** Reads and writes in one step that no other tab can interrupt. */
    update(key: string, change: (stored: unknown) => unknown): Promise<void>
  }
  /** Prefix of the keys' names. */
  readonly prefix: string
}

/** What the protocol functions need. They keep no state: the caller stores the server metadata, keys and clock offset. */
export interface ProtocolContext {
  readonly options: ProtocolOptions
  readonly environment: Environment
  readonly logger: Logger
  /** @returns the stored server metadata and keys */
  readonly readServer: () => Promise<ServerRecord | undefined>
  readonly writeServer: (record: ServerRecord) => Promise<void>
  /** Without it, DPoP keys live as long as the page. */
  readonly keyStore?: KeyStore | undefined
  /** Seconds to add to the device clock to get the server's; 0 until known. */
  readonly clockOffsetSeconds: () => number
  /** Called when a response shows another offset, which applies from then on. */
  readonly noteClockOffset: (seconds: number) => void
}

/** Where server metadata and keys outlive the context. */
export interface ServerCache {
  read(): Promise<ServerRecord | undefined>
  write(record: ServerRecord): Promise<unknown>
}

/** What {@link createProtocolContext} takes besides the options. */
export interface ProtocolContextParts extends Pick<ProtocolContext, 'environment' | 'logger' | 'keyStore'> {
  /** Default: metadata and keys live as long as the context. */
  readonly serverCache?: ServerCache | undefined
}

/** Creates the context of one client. Metadata and keys are read from the cache once and written through. */
export function createProtocolContext(
  options: ProtocolOptions,
  { serverCache, ...parts }: ProtocolContextParts,
): ProtocolContext {
  let known: ServerRecord | undefined
  let offsetSeconds = 0
  return {
    ...parts,
    options,
    async readServer() {
      if (known) return known
      const stored = await serverCache?.read()
      // What was written meanwhile is newer.
      known ??= stored
      return known
    },
    async writeServer(record) {
      known = record
      await serverCache?.write(record)
    },
    clockOffsetSeconds: () => offsetSeconds,
    noteClockOffset: (seconds) => (offsetSeconds = seconds),
  }
}
