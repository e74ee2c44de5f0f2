import { useOAuth, useSessionEvent, useToken } from '@latchkey/react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { afterMessage, type TabMessage, type TabReport, thisTab } from './tab-report.js'

const channelName = 'latchkey-playground:tabs'

interface Tabs {
  /** All tabs that show the page, this one included. */
  readonly tabs: readonly TabReport[]
  /** Makes every tab need a new access token at the same moment. */
  readonly expire: () => void
}

/** Connects the tabs of this browser that show the page. */
export function useTabs(): Tabs {
  const { client, isSignedIn } = useOAuth()
  const { expiresAt } = useToken()
  const [others, setOthers] = useState<readonly TabReport[]>([])
  const [renewal, setRenewal] = useState<TabReport['renewal']>('none')
  useSessionEvent('token-set', ({ reason }) => {
    if (reason === 'refresh') setRenewal('requested')
    if (reason === 'adopted') setRenewal('adopted')
  })
  const renew = useCallback(
    (expired: number) => {
      if (client.getTokenSet()?.expiresAt !== expired) return
      setRenewal('none')
      // The session's error is shown above every page.
      client.refresh().catch(() => undefined)
    },
    [client],
  )
  const own = useMemo(() => ({ ...thisTab, isSignedIn, expiresAt, renewal }), [isSignedIn, expiresAt, renewal])
  const send = useChannel(own, (message) => {
    setOthers((reports) => afterMessage(reports, message))
    if (message.type === 'expire') renew(message.expiresAt)
  })
  const tabs = useMemo(() => afterMessage(others, { type: 'report', report: own }), [others, own])
  const expire = (): void => {
    if (expiresAt === undefined) return
    send({ type: 'expire', expiresAt })
    renew(expiresAt)
  }
  return { tabs, expire }
}

/** Reports this tab to the others. @returns sends a message to them */
function useChannel(own: TabReport, onMessage: (message: TabMessage) => void): (message: TabMessage) => void {
  const channel = useRef<BroadcastChannel>(undefined)
  const latest = useRef({ own, onMessage })
  const send = useCallback((message: TabMessage) => channel.current?.postMessage(message), [])
  useEffect(() => {
    const opened = new BroadcastChannel(channelName)
    channel.current = opened
    opened.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => {
      if (data.type === 'hello') send({ type: 'report', report: latest.current.own })
      latest.current.onMessage(data)
    })
    const sayGoodbye = (): void => send({ type: 'bye', id: thisTab.id })
    window.addEventListener('pagehide', sayGoodbye)
    send({ type: 'hello' })
    return () => {
      window.removeEventListener('pagehide', sayGoodbye)
      sayGoodbye()
      opened.close()
      channel.current = undefined
    }
  }, [send])
  useEffect(() => {
    latest.current = { own, onMessage }
  })
  useEffect(() => send({ type: 'report', report: own }), [send, own])
  return send
}
