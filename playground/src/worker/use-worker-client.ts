import type { OAuthClient } from '@latchkey/core'
import { workerClient } from '@latchkey/core/worker'
import { useCallback, useEffect, useRef } from 'react'
import { useConnection } from '../connection/connection-context.js'
import { openAlteredPopup } from '../faults/altered-popup.js'
import { recordExperimentRequest } from '../network-log/navigations.js'
// oxlint-disable-next-line import/default -- Vite creates the module of `?worker&url`; the linter finds no file with a default export
import workerUrl from './token-worker.ts?worker&url'

interface WorkerParts {
  readonly client: OAuthClient
  readonly worker: Worker
}

/** @returns a function that creates a client whose tokens are in a worker, and ends the former one; the last one ends with the component */
export function useWorkerClient(): () => OAuthClient {
  const { issuer, clientId, scope } = useConnection().connection
  const former = useRef<WorkerParts>(undefined)
  useEffect(() => () => end(former.current), [])
  return useCallback(() => {
    end(former.current)
    const worker = createWorker({ issuer, clientId, scope })
    const client = workerClient({
      worker,
      issuer,
      clientId,
      name: 'worker page',
      redirectUri: `${location.origin}/`,
      // The worker's own requests are not in the network log: the page does not see them.
      environment: { openWindow: openAlteredPopup(recordExperimentRequest) },
    })
    former.current = { client, worker }
    return client
  }, [issuer, clientId, scope])
}

function end(parts: WorkerParts | undefined): void {
  void parts?.client.close()
  parts?.worker.terminate()
}

/** The options are in the query of the URL, because a connection can be chosen in the playground. */
function createWorker(options: Readonly<Record<string, string>>): Worker {
  const url = new URL(workerUrl, location.href)
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
  return new Worker(url, { type: 'module' })
}
