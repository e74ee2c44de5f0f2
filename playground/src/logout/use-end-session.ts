import { useEffect, useState } from 'react'
import { builtInConnection } from '../connection/built-in-connection.js'
import type { Fault } from '../faults/fault.js'
import type { LogoutReport } from './logout-report.js'
import type { LogoutSession } from './logout-session.js'
import { recordEndSession } from './record-logout.js'

/** The result of one sign-out at the server. */
export interface LogoutOutcome {
  readonly fault: Fault | undefined
  readonly refusal: string | undefined
}

type Progress =
  | { readonly status: 'idle' | 'blocked' }
  | { readonly status: 'waiting'; readonly fault: Fault | undefined; readonly popup: Window }
  | { readonly status: 'done'; readonly outcome: LogoutOutcome }

/** What {@link useEndSession} returns. */
interface EndSession {
  readonly isWaiting: boolean
  /** True if the browser has blocked the popup. */
  readonly isBlocked: boolean
  readonly outcome: LogoutOutcome | undefined
  /** Opens the server’s page in a popup, inside the click. */
  readonly end: (fault: Fault | undefined) => void
}

/** Signs out at the server, as the user does there or in another app, and waits for the logout message. */
export function useEndSession(session: LogoutSession): EndSession {
  const [progress, setProgress] = useState<Progress>({ status: 'idle' })
  useEffect(() => {
    if (progress.status !== 'waiting') return undefined
    const { popup, fault } = progress
    const finish = ({ refusal, isLast }: LogoutReport): void => {
      if (isLast) setProgress({ status: 'done', outcome: { fault, refusal } })
    }
    const stop = session.onReport(finish)
    // A user who closes the popup has not signed out.
    const timer = setInterval(() => popup.closed && setProgress({ status: 'idle' }), 500)
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [progress, session])
  const end = (fault: Fault | undefined): void => {
    const popup = window.open('about:blank', '_blank', 'popup,width=480,height=640')
    if (!popup) return setProgress({ status: 'blocked' })
    setProgress({ status: 'waiting', fault, popup })
    void session.prepare(fault).then(() => openEndSession(popup))
  }
  const { status } = progress
  const outcome = status === 'done' ? progress.outcome : undefined
  return { isWaiting: status === 'waiting', isBlocked: status === 'blocked', outcome, end }
}

function openEndSession(popup: Window): void {
  const url = `${builtInConnection.issuer}/end-session`
  recordEndSession(url)
  popup.location.replace(url)
}
