import { phaseOf } from './message-catalog.js'
import type { ProtocolMessage } from './protocol-message.js'

/** Messages that belong together: one sign-in with all that it needed, one refresh, one sign-out, or the calls in between. */
export interface Attempt {
  /** The id of its first message. */
  readonly id: number
  readonly title: string
  readonly at: number
  /** Oldest first. */
  readonly messages: readonly ProtocolMessage[]
  readonly outcome: 'succeeded' | 'failed' | 'unfinished'
}

type Kind = 'doctor' | 'set-up' | 'sign-in' | 'refresh' | 'grant' | 'sign-out' | 'use'

interface Group {
  kind: Kind
  readonly messages: ProtocolMessage[]
}

const TITLES: Readonly<Record<Kind, string>> = {
  doctor: 'Doctor',
  'set-up': 'Set-up',
  'sign-in': 'Sign-in',
  refresh: 'Token refresh',
  grant: 'Other grant',
  'sign-out': 'Sign-out',
  use: 'Calls',
}

/** Groups the messages of a recording, oldest first. */
export function attemptsOf(messages: readonly ProtocolMessage[]): readonly Attempt[] {
  const groups: Group[] = []
  for (const message of messages) {
    const group = groupFor(message, groups)
    group.messages.push(message)
    if (!groups.includes(group)) groups.push(group)
  }
  return groups.map(attemptOf)
}

function groupFor(message: ProtocolMessage, groups: readonly Group[]): Group {
  const kind = kindOf(message)
  const last = groups.at(-1)
  if (kind === 'sign-in') return signInFor(message, groups) ?? next(last, kind)
  // A sign-in without a response yet may need keys.
  if (kind === 'set-up' && last && isOpen(last)) return last
  return last?.kind === kind && kind !== 'refresh' ? last : next(last, kind)
}

function kindOf({ title, isProbe }: ProtocolMessage): Kind {
  const phase = phaseOf(title)
  if (isProbe) return 'doctor'
  return phase === 'request' || phase === 'pushed' || phase === 'response' || phase === 'code' ? 'sign-in' : phase
}

/** @returns undefined if the message begins a sign-in */
function signInFor(message: ProtocolMessage, groups: readonly Group[]): Group | undefined {
  const phase = phaseOf(message.title)
  if (phase === 'response' || phase === 'code') return signInOf(message, groups)
  return phase === 'request' ? groups.slice(-1).find((last) => isOpen(last) && !hasRequest(last)) : undefined
}

/** By the state or code that both have; a response in a popup is not seen. */
function signInOf({ sent }: ProtocolMessage, groups: readonly Group[]): Group | undefined {
  const isSame = (name: string, one: ProtocolMessage): boolean => sent[name] !== undefined && one.sent[name] === sent[name]
  const shares = (one: ProtocolMessage): boolean => isSame('state', one) || isSame('code', one)
  return groups.findLast(({ messages }) => messages.some(shares)) ?? groups.findLast(isOpen)
}

/** What was set up before belongs to it. */
function next(last: Group | undefined, kind: Kind): Group {
  if (last?.kind !== 'set-up' || kind === 'doctor') return { kind, messages: [] }
  last.kind = kind
  return last
}

/** A sign-in that waits for its tokens. */
function isOpen({ kind, messages }: Group): boolean {
  return kind === 'sign-in' && !isComplete(messages)
}

function hasRequest({ messages }: Group): boolean {
  return messages.some(({ title }) => phaseOf(title) === 'request')
}

function isComplete(messages: readonly ProtocolMessage[]): boolean {
  return messages.some(
    (message) => phaseOf(message.title) === 'code' || (phaseOf(message.title) === 'response' && !awaitsToken(message)),
  )
}

function awaitsToken({ sent }: ProtocolMessage): boolean {
  return sent['code'] !== undefined && sent['error'] === undefined
}

function attemptOf({ kind, messages }: Group): Attempt {
  const [first] = messages
  const outcome = messages.some(hasFailed) ? 'failed' : isOpen({ kind, messages }) ? 'unfinished' : 'succeeded'
  return { id: first?.id ?? 0, at: first?.at ?? 0, title: TITLES[kind], messages, outcome }
}

/** Whether a message was refused, got no response, or brought an ID token that fails a check. */
export function hasFailed({ status = 200, sent, received = {}, checks = [], title, isProbe }: ProtocolMessage): boolean {
  // The doctor sends what a server must refuse.
  if (isProbe) return false
  const isErrorResponse = phaseOf(title) === 'response' && sent['error'] !== undefined
  return status >= 400 || isErrorResponse || received['failed'] !== undefined || checks.some(({ result }) => result === 'failed')
}

/** Whether a message contains the text: in its title, address, section, or in a field. */
export function matches(message: ProtocolMessage, text: string): boolean {
  const { title, spec, method, url, sent, received = {}, status = '' } = message
  const fields = [sent, received].flatMap((each) => Object.entries(each).flat())
  return [title, spec, method, url, String(status), ...fields].some((each) => each.toLowerCase().includes(text.toLowerCase()))
}
