import { readJson, writeJson } from '../stored-json.js'
import type { FrontChannelFaultId } from './logout-faults.js'
import { FRONT_CHANNEL_PATH } from './logout-paths.js'

/** What the page in the frame must know; an app has its options in the code of this page. */
export interface FrontChannelDemo {
  readonly issuer: string
  readonly clientId: string
  readonly name: string
  readonly fault: string
}

/** What the page in the frame says, for the network log. */
export interface FrontChannelReport {
  readonly id: string
  /** The parameters of the server, and as the fault changed them. */
  readonly original: Readonly<Record<string, string>>
  readonly sent: Readonly<Record<string, string>>
  /** Why no session was ended. */
  readonly refusal: string | undefined
}

/** Where the reports are. */
export const FRONT_CHANNEL_REPORTS = 'latchkey-playground:front-channel-reports'

const storageKey = (id: string): string => `latchkey-playground:logout-demo:${id}`

export function saveFrontChannelDemo(id: string, demo: FrontChannelDemo): void {
  writeJson(localStorage, storageKey(id), demo)
}

export function deleteFrontChannelDemo(id: string): void {
  localStorage.removeItem(storageKey(id))
}

/** Handles the request of the server, which has opened this page in a hidden frame. @returns false on any other page */
export async function runFrontChannelPage(): Promise<boolean> {
  if (location.pathname !== FRONT_CHANNEL_PATH) return false
  const url = new URL(location.href)
  const id = url.searchParams.get('demo') ?? ''
  const demo = readJson(localStorage, storageKey(id), isDemo)
  if (!demo) return true
  const original = parametersOf(url)
  history.replaceState(null, '', alter(url, demo.fault))
  const { issuer, clientId, name } = demo
  const { handleFrontChannelLogout } = await import('@latchkey/core/front-channel-logout')
  const result = await handleFrontChannelLogout({ issuer, clientId, name })
  const refusal = result.signedOut ? undefined : result.reason
  const report: FrontChannelReport = { id, original, sent: parametersOf(url), refusal }
  const channel = new BroadcastChannel(FRONT_CHANNEL_REPORTS)
  channel.postMessage(report)
  channel.close()
  return true
}

const changes: Readonly<Record<FrontChannelFaultId, (query: URLSearchParams) => void>> = {
  sid: (query) => query.set('sid', 'another-session'),
  iss: (query) => query.set('iss', 'https://evil.example'),
  incomplete: (query) => query.delete('iss'),
}

/** Changes the URL as another website would, which can open this page in a frame too. */
function alter(url: URL, fault: string): URL {
  if (isFault(fault)) changes[fault](url.searchParams)
  return url
}

function isFault(fault: string): fault is FrontChannelFaultId {
  return fault in changes
}

function parametersOf({ searchParams }: URL): Readonly<Record<string, string>> {
  return Object.fromEntries([...searchParams].filter(([name]) => name !== 'demo'))
}

function isDemo(value: unknown): value is FrontChannelDemo {
  return typeof value === 'object' && value !== null && 'clientId' in value && 'fault' in value
}
