'use client'
import type { OAuthClient } from '@latchkey/core'
import { useEffect, useId, useRef, useState, type CSSProperties, type ReactElement, type RefObject } from 'react'
import { ClientSelect } from './client-select.js'
import { DevtoolsPanel } from './devtools-panel.js'
import { DEVTOOLS_STYLE, pageStyle } from './devtools-style.js'
import { DockResizer } from './dock-resizer.js'
import { useDockSettings, useRememberedOpen, type DockSettings, type DockSide } from './dock-settings.js'
import { SessionPill } from './session-pill.js'
import { useTabPresence } from './tabs-view.js'
import { useAttachedClients } from './use-attached-clients.js'
import { useColorScheme } from './use-color-scheme.js'

interface DevtoolsDockProps {
  readonly clients: Readonly<Record<string, OAuthClient<unknown>>>
  readonly initiallyOpen: boolean
  readonly nonce: string | undefined
}

/** A bar at the corner of the page. Open, it is a panel at an edge of the window. */
export function DevtoolsDock({ clients, initiallyOpen, nonce }: DevtoolsDockProps): ReactElement {
  const [isOpen, setOpen] = useRememberedOpen(initiallyOpen)
  const [settings, changeSettings] = useDockSettings()
  const [selected, select] = useState('')
  const trigger = useRef<HTMLButtonElement>(null)
  const id = useId()
  const scheme = useColorScheme()
  useAttachedClients(clients)
  useTabPresence()
  const close = (): void => (setOpen(false), trigger.current?.focus())
  useCloseOnEscape(trigger, close)
  const { side, sizes } = settings
  const size = sizes[side]
  const names = Object.keys(clients)
  const name = names.includes(selected) ? selected : (names[0] ?? '')
  const client = clients[name]
  const resize = (next: number): void => changeSettings((current) => ({ ...current, sizes: { ...sizes, [side]: next } }))
  return (
    <aside
      className="lk-devtools"
      aria-label="Latchkey devtools"
      data-open={isOpen}
      data-side={side}
      data-theme={scheme}
      style={{ '--lk-size': `${size}px` } as CSSProperties}
    >
      <style nonce={nonce}>{DEVTOOLS_STYLE}</style>
      {isOpen && <style nonce={nonce}>{pageStyle(side, size)}</style>}
      {isOpen && <DockResizer side={side} size={size} onResize={resize} />}
      <div className="lk-bar">
        <button
          ref={trigger}
          type="button"
          className="lk-trigger"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          Latchkey
        </button>
        {client && <SessionPill client={client} />}
        {isOpen && <ClientSelect names={names} selected={name} onSelect={select} />}
        {isOpen && <DockButtons side={side} onChange={changeSettings} onClose={close} />}
      </div>
      <div id={id} hidden={!isOpen} className="lk-panel">
        {isOpen && <PanelOf key={name} client={client} />}
      </div>
    </aside>
  )
}

function PanelOf({ client }: { readonly client: OAuthClient<unknown> | undefined }): ReactElement {
  return client ? <DevtoolsPanel client={client} /> : <p className="lk-note">No client has been created yet.</p>
}

/** Closes the panel by the Escape key while the focus is in it. */
function useCloseOnEscape(trigger: RefObject<HTMLButtonElement | null>, close: () => void): void {
  useEffect(() => {
    const panel = trigger.current?.closest('aside')
    const listen = (event: KeyboardEvent): void => {
      const isText = event.target instanceof HTMLInputElement && event.target.value !== ''
      if (event.key !== 'Escape' || isText) return
      close()
    }
    panel?.addEventListener('keydown', listen)
    return () => panel?.removeEventListener('keydown', listen)
  })
}

interface DockButtonsProps {
  readonly side: DockSide
  readonly onChange: (change: (settings: DockSettings) => DockSettings) => void
  readonly onClose: () => void
}

function DockButtons({ side, onChange, onClose }: DockButtonsProps): ReactElement {
  const other = side === 'bottom' ? 'right' : 'bottom'
  return (
    <div className="lk-ends">
      <button type="button" className="lk-side" onClick={() => onChange((current) => ({ ...current, side: other }))}>
        {`Dock ${other}`}
      </button>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </div>
  )
}
