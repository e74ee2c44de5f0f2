// The page that every subject shows: a button to sign in, then the user's name. What `window.bench` gets is called by the measurements.
import { createElement, memo, StrictMode, useLayoutEffect, type ComponentType, type ReactElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

/** How one library does it. */
export interface Subject {
  readonly Provider: ComponentType<{ readonly children?: ReactNode }>
  /** Returns the user's name, undefined if no user is signed in. The hook that thousands of components use. */
  readonly useName: () => string | undefined
  readonly useSignIn: () => () => unknown
  /** Returns a function that calls the API with the user's token. */
  readonly useCall: () => () => Promise<Response>
  readonly useRefresh: () => () => Promise<unknown>
}

/** Set before the page runs. */
export interface Settings {
  readonly issuer: string
  readonly clientId: string
  /** Components that show the name, outside of the document. */
  readonly components: number
  /** Calls the API as soon as the user's name is on the page. */
  readonly callsAtOnce: boolean
  /** Clients that the provider has, if the library knows several. */
  readonly named: number
}

interface Bench extends Settings {
  /** Milliseconds since the page was requested. */
  shownAt?: number
  calledAt?: number
  renders: number
  /** Lets the browser be idle. */
  release: () => void
  call?: () => Promise<Response>
  refresh?: () => Promise<unknown>
}

declare global {
  interface Window {
    bench: Bench
  }
}

export const { bench } = window
export const API = '/api/me'
export const SCOPE = 'openid profile email offline_access'

/** An app shows the result of the first call that succeeds. */
async function callOnce(): Promise<void> {
  const response = await bench.call?.()
  if (response?.ok) bench.calledAt ??= performance.now()
}

function noteRender(): void {
  bench.renders += 1
}

function createPage({ useName, useSignIn, useCall, useRefresh }: Subject): ComponentType {
  const Shown = ({ name }: { readonly name: string }): ReactElement => {
    const call = useCall()
    const refresh = useRefresh()
    useLayoutEffect(() => {
      bench.call = call
      bench.refresh = refresh
    })
    useLayoutEffect(() => {
      bench.shownAt ??= performance.now()
      if (bench.callsAtOnce) void callOnce()
    }, [])
    return <p>{name}</p>
  }
  return function Page() {
    const name = useName()
    const signIn = useSignIn()
    return name === undefined ? <button onClick={() => void signIn()}>Sign in</button> : <Shown name={name} />
  }
}

/** Each is an element, so that React does not search for the next one. */
function createComponents({ useName }: Subject): ComponentType {
  const One = (): ReactElement => {
    noteRender()
    return createElement('i', {}, useName())
  }
  return memo(() => Array.from({ length: bench.components }, (_, key) => <One key={key} />))
}

/** @param subject of which a page has one */
export function show(subject: Subject): void {
  const { Provider } = subject
  const Page = createPage(subject)
  const Components = createComponents(subject)
  const root = document.body.appendChild(document.createElement('main'))
  createRoot(root).render(
    <StrictMode>
      <Provider>
        <Page />
        <div hidden>
          <Components />
        </div>
      </Provider>
    </StrictMode>,
  )
}
