// One page with thousands of components that show the user's name, once for each way in which they can learn it. `run.mjs` loads it anew
// for each measurement, so that nothing is compiled beforehand.
import { createOAuthClient, type OAuthClient, type TokenStorage } from '@latchkey/core'
import { OAuthProvider, useAuthedFetch, useOAuth } from '@latchkey/react'
import { User, UserManager, WebStorageStateStore, type UserManagerSettings } from 'oidc-client-ts'
import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type FunctionComponent,
  type ReactElement,
  type ReactNode,
} from 'react'
import { createRoot } from 'react-dom/client'
import { AuthProvider, useAuth } from 'react-oidc-context'

const NAME = 'Alice'
const issuer = 'https://id.example'
/** As long as a read of IndexedDB takes. */
const READ_MS = 5
const API = '/api'

const tokens = { access_token: 'token', token_type: 'Bearer', refresh_token: 'refresh', expires_in: 3600 }

function createClient(): OAuthClient {
  const data = {
    accessToken: 'token',
    tokenType: 'Bearer',
    refreshToken: 'refresh',
    claims: { sub: 'alice', name: NAME },
    expiresAt: Math.floor(Date.now() / 1000) + 3600,
    response: {},
  }
  let record: unknown = { version: 1, revision: 'first', at: Date.now(), data }
  const storage: TokenStorage = {
    persistent: true,
    async get(key) {
      await new Promise((resolve) => setTimeout(resolve, READ_MS))
      return key.endsWith('/session') ? record : undefined
    },
    async update(key, change) {
      const next: unknown = change(key.endsWith('/session') ? record : undefined)
      if (key.endsWith('/session')) record = next
    },
    keys: async () => [],
  }
  const server = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` }
  return createOAuthClient({
    server,
    clientId: 'bench',
    redirectUri: location.origin,
    resources: [location.origin],
    storage,
    fetch: async (input, init) =>
      String(input instanceof Request ? input.url : input).startsWith(issuer) ? Response.json(tokens) : fetch(input, init),
  })
}

/** What a subject puts around its components, and what each of them is. */
interface Subject {
  /** Returns the text of a component. */
  readonly useName: () => string
  readonly wrap?: (children: ReactNode) => ReactElement
  readonly refresh?: () => Promise<unknown>
}

const subjects: Readonly<Record<string, () => Subject | Promise<Subject>>> = {
  plain: () => ({ useName: () => NAME }),
  // The least that any library can do: the components render before the session is read, and once more.
  twice() {
    const Name = createContext('')
    const Provider = ({ children }: { readonly children?: ReactNode }): ReactElement => {
      const [name, setName] = useState('')
      useEffect(() => void setTimeout(() => setName(NAME), READ_MS), [])
      return createElement(Name.Provider, { value: name }, children)
    }
    return { useName: () => useContext(Name), wrap: (children) => createElement(Provider, {}, children) }
  },
  // One store, one subscription for each component.
  floor() {
    let user: { readonly name: string; readonly token: string } | undefined
    const listeners = new Set<() => void>()
    const set = (next: typeof user): void => {
      user = next
      for (const listener of listeners) listener()
    }
    const subscribe = (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    const Reader = ({ children }: { readonly children?: ReactNode }): ReactNode => {
      useEffect(() => void setTimeout(() => set({ name: NAME, token: 'token' }), READ_MS), [])
      return children
    }
    return {
      useName: () => useSyncExternalStore(subscribe, () => user?.name ?? ''),
      wrap: (children) => createElement(Reader, {}, children),
      refresh: async () => set({ name: NAME, token: (await Response.json(tokens).json()).access_token }),
    }
  },
  latchkey() {
    const client = createClient()
    return {
      useName: () => {
        const { isSignedIn, claims } = useOAuth()
        return isSignedIn ? String(claims.name) : ''
      },
      wrap: (children) => createElement(OAuthProvider, { client }, children),
      refresh: () => client.refresh(),
    }
  },
  async 'react-oidc-context'() {
    const metadata = { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` }
    const settings: UserManagerSettings = {
      authority: issuer,
      client_id: 'bench',
      redirect_uri: location.origin,
      metadata,
      userStore: new WebStorageStateStore({ store: localStorage }),
      automaticSilentRenew: false,
    }
    const profile = { sub: 'alice', name: NAME, iss: issuer, aud: 'bench', exp: 0, iat: 0 }
    const expires_at = Math.floor(Date.now() / 1000) + 3600
    const session = { ...tokens, expires_at, profile }
    await new UserManager(settings).storeUser(new User(session))
    const manager = new UserManager(settings)
    return {
      useName: () => useAuth().user?.profile.name ?? '',
      wrap: (children) => createElement(AuthProvider, { userManager: manager }, children),
      refresh: () => manager.storeUser(new User(session)).then(() => manager.events.load(new User(session))),
    }
  },
}

/** Resolves when the browser has nothing more to do. */
function idle(): Promise<unknown> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => setTimeout(resolve))))
}

let current: Subject | undefined

async function prepare(name: string): Promise<void> {
  const create = subjects[name]
  if (!create) throw new Error(`There is no subject ${name}.`)
  current = await create()
}

async function mount(count: number): Promise<void> {
  const { useName, wrap = (children: ReactNode) => createElement('div', {}, children) } = current ?? { useName: () => '' }
  // Outside the document: the time of layout is the same for all.
  const root = document.createElement('div')
  // Always an element: React's search for the next one would take most of the time.
  const Item: FunctionComponent = () => createElement('i', {}, useName())
  createRoot(root).render(wrap(Array.from({ length: count }, (_, key) => createElement(Item, { key }))))
  while (root.textContent?.length !== count * NAME.length) await new Promise((resolve) => setTimeout(resolve, 10))
  await idle()
}

async function refresh(): Promise<void> {
  await current?.refresh?.()
  await idle()
}

/** @returns sends a request, with the token by `useAuthedFetch` or as a header */
async function prepareCalls(how: string): Promise<void> {
  if (how === 'bare-calls') return void (call = () => fetch(API, { headers: { authorization: 'Bearer token' } }))
  const client = createClient()
  await client.start()
  const Item = (): null => {
    call = useAuthedFetch().bind(undefined, API)
    return null
  }
  const root = document.body.appendChild(document.createElement('div'))
  createRoot(root).render(createElement(OAuthProvider, { client }, createElement(Item)))
  await idle()
}

let call: () => Promise<Response> = () => fetch(API)

async function calls(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await (await call()).text()
}

Object.assign(globalThis, { bench: { prepare, mount, refresh, prepareCalls, calls } })
