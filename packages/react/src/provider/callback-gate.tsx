'use client'
import {
  Fragment,
  startTransition,
  useCallback,
  useEffect,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react'
import type { ProviderClient, ProviderClients } from './clients.js'
import { FailedSignIn, type SignInFailure } from './failed-sign-in.js'

/** What the provider shows instead of the app while the page starts. */
export interface PhaseElements {
  /**
   * Shown while the stored session is read, and by a server, which does not know the session. Default: the app, with the status
   * `restoring`.
   */
  readonly restoring?: ReactNode
  /** Shown while the page handles an authorization response. Default: nothing. */
  readonly callback?: ReactNode
  /**
   * Shown if the sign-in that led to this page has failed, until a user is signed in or `dismiss` is called. A function receives the
   * failure. Default: the app, which finds it in the `error` of `useOAuth`.
   */
  readonly error?: ReactNode | ((failure: SignInFailure) => ReactNode)
}

interface CallbackGateProps extends PhaseElements {
  readonly clients: ProviderClients
  readonly children: ReactNode
}

// React 18 warns about useLayoutEffect on a server.
const useMountEffect = typeof document === 'undefined' ? useEffect : useLayoutEffect

/**
 * Delays rendering the children for three reasons. While the URL is an authorization response, no code of the app may see it: it
 * would end up in a Referer header, an analytics call or a router's history, and the home page would flash before `returnTo` is
 * shown. Until the provider is mounted: if a child suspended in the very first render, React would discard the provider's
 * clients and create new ones in a loop. And while a session is restored, if the app has an element for that.
 *
 * Server-rendered children stay: they see the status `restoring`, and their effects run after the URL is cleaned.
 */
export function CallbackGate({ clients, restoring, callback, error, children }: CallbackGateProps): ReactNode {
  const entries = Object.entries(clients)
  const first = entries[0]?.[1].client
  // A change renders at once, so that it interrupts the rendering in slices, which a usual update would not.
  const isRestoring = useSyncExternalStore(
    useCallback((listener: () => void) => first?.subscribe(listener) ?? (() => undefined), [first]),
    () => first?.getSnapshot().status === 'restoring',
    () => undefined,
  )
  const isHydrating = isRestoring === undefined
  const waits = restoring !== undefined
  const [keepsHtml] = useState(isHydrating && !waits)
  /** Once the page has started: the name of the client whose sign-in has failed, or true. */
  const [phase, setPhase] = useState<string | true>()
  const pending = entries.filter(
    ([, { client, hasCallback }]) => hasCallback || (waits && client.getSnapshot().status === 'restoring'),
  )
  const isPending = pending.length > 0
  const open = (): void => setPhase((current) => current ?? entries.find(hasFailed)?.[0] ?? true)
  useMountEffect(() => {
    if (isPending) return
    // In slices, so that the session is read in between, and the app renders with it: once instead of twice.
    if (isRestoring) startTransition(open)
    else open()
  }, [isPending, isRestoring])
  useEffect(() => {
    if (isPending) void Promise.all(pending.map(([, { client, started }]) => started ?? client.start())).then(open)
    // oxlint-disable-next-line react/exhaustive-deps -- `pending` is derived from `clients`
  }, [clients, isPending])
  if (error !== undefined && phase && phase !== true)
    return <FailedSignIn name={phase} element={error} onOver={() => setPhase(true)} />
  // With a key, it is a node of its own that React inserts at once. React would insert each child by itself, and search through all
  // that follow: with 10,000 children this took four fifths of a start.
  if (phase || keepsHtml) return <Fragment key="app">{children}</Fragment>
  return !isHydrating && pending.some(([, { hasCallback }]) => hasCallback) ? callback : restoring
}

/** A session that the server has ended is no failed sign-in. */
function hasFailed([, { client }]: readonly [string, ProviderClient]): boolean {
  const { status, error } = client.getSnapshot()
  return status === 'signed-out' && error !== undefined && error.code !== 'token_invalid'
}
