import type { ClientParts } from '../client/client-parts.js'
import { pageStorage } from '../storage/tab-storage.js'
import type { ServerRecord } from '../protocol/server-metadata.js'

type Parts = Pick<ClientParts, 'config' | 'context' | 'storage'>

const keyOf = ({ config }: Parts): string => `latchkey/${config.key}/carried-server`

/**
 * Where the storage ends with the page, what is known of the server (metadata and public keys, no secret) goes along with the
 * transaction in `sessionStorage`: the callback costs one request then too.
 */
export async function carryServer(parts: Parts): Promise<void> {
  const record = parts.storage.persistent ? undefined : await parts.context.readServer()
  try {
    if (record) pageStorage(parts.config.environment.window)?.setItem(keyOf(parts), JSON.stringify(record))
  } catch {
    // A full storage: it is asked for again.
  }
}

/** Takes it out again, for a client that knows nothing of the server yet. */
export async function unpackServer(parts: Parts): Promise<void> {
  const carried = takeOut(pageStorage(parts.config.environment.window), keyOf(parts))
  if (carried && !(await parts.context.readServer())) await parts.context.writeServer(carried)
}

function takeOut(area: Storage | undefined, key: string): ServerRecord | undefined {
  try {
    const text = area?.getItem(key)
    area?.removeItem(key)
    return text ? (JSON.parse(text) as ServerRecord) : undefined
  } catch {
    return undefined
  }
}
