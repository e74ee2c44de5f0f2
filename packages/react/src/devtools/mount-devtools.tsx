'use client'
import { useMemo, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { DevtoolsDock } from './devtools-dock.js'
import { namedClients } from './devtools-hook.js'
import { useIsPanelShown } from './shown-panels.js'
import { useFoundClients } from './use-found-clients.js'

/** Shows a panel with all clients that the hook has found, beside the app, with a React root of its own. */
export function mountDevtools(nonce: string | undefined): void {
  const host = document.createElement('div')
  document.body.append(host)
  createRoot(host).render(<FoundClientsDock nonce={nonce} />)
}

function FoundClientsDock({ nonce }: { readonly nonce: string | undefined }): ReactElement | null {
  const found = useFoundClients()
  const clients = useMemo(() => namedClients(found), [found])
  return useIsPanelShown() ? null : <DevtoolsDock clients={clients} initiallyOpen={false} nonce={nonce} />
}
