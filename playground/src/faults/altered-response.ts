import { readJson, writeJson } from '../stored-json.js'

/** Changes of an authorization response on its way back, each by its name: a function cannot be passed to the window that receives it. */
const changes = {
  'access-token': (url: URL) => withFragment(url, 'access_token', 'another-token'),
  code: (url: URL) => withFragment(url, 'code', 'another-code'),
  signature: (url: URL) => withForgedResponse(url),
} as const satisfies Readonly<Record<string, (url: URL) => URL>>

/** Names a change of an authorization response. */
export type ResponseChange = keyof typeof changes

interface StoredChange {
  /** Of the request whose response is changed. */
  readonly state: string
  readonly change: ResponseChange
  readonly note: string
}

const storageKey = 'latchkey-playground:altered-response'

/** Makes the popup that receives the response to this request change it. @param note for the network log */
export function alterResponseTo(request: URL, change: ResponseChange, note: string): void {
  writeJson(localStorage, storageKey, { state: request.searchParams.get('state') ?? '', change, note })
}

/** @returns the changed URL and the note, once; undefined if the response in this URL is not to be changed */
export function alteredResponse(url: URL): { readonly url: URL; readonly note: string } | undefined {
  const stored = readJson(localStorage, storageKey, isStoredChange)
  if (!stored || stateOf(url) !== stored.state) return undefined
  localStorage.removeItem(storageKey)
  return { url: changes[stored.change](url), note: stored.note }
}

/** @returns the state of an authorization response, also of a signed one */
export function stateOf(url: URL): string | undefined {
  const parameters = responseParameters(url)
  return parameters.get('state') ?? stateOfSigned(parameters.get('response'))
}

/** @returns the parameters of the query and the fragment */
export function responseParameters(url: URL): URLSearchParams {
  return new URLSearchParams([...url.searchParams, ...new URLSearchParams(url.hash.slice(1))])
}

/** Reads a signed response without verifying it: the client does that. */
function stateOfSigned(response: string | null): string | undefined {
  const payload = response?.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/')
  if (!payload) return undefined
  try {
    const { state } = JSON.parse(atob(payload)) as { readonly state?: unknown }
    return typeof state === 'string' ? state : undefined
  } catch {
    return undefined
  }
}

function withFragment(url: URL, name: string, value: string): URL {
  const changed = new URL(url)
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.set(name, value)
  changed.hash = fragment.toString()
  return changed
}

/** Changes the signature of the response, in the query or the fragment. */
function withForgedResponse(url: URL): URL {
  const changed = new URL(url)
  changed.search = forged(url.search)
  changed.hash = forged(url.hash)
  return changed
}

/** Replaces the fourth character from the end, which the masked value in the log shows. */
function forged(parameters: string): string {
  return parameters.replace(
    /(response=[\w-]+\.[\w-]+\.[\w-]+)([\w-])(?=[\w-]{3}(?![\w-]))/,
    (_, start: string, one: string) => start + (one === 'A' ? 'B' : 'A'),
  )
}

function isStoredChange(value: unknown): value is StoredChange {
  if (typeof value !== 'object' || value === null) return false
  const { state, change, note } = value as Readonly<Record<string, unknown>>
  return typeof state === 'string' && typeof note === 'string' && typeof change === 'string' && change in changes
}
