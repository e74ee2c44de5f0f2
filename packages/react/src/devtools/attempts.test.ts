import { expect, it } from 'vitest'
import { attemptsOf, matches } from './attempts.js'
import type { Fields, ProtocolMessage } from './protocol-message.js'

let id = 0
const message = (title: string, sent: Fields = {}, more: Partial<ProtocolMessage> = {}): ProtocolMessage => ({
  id: ++id,
  at: id,
  title,
  spec: '',
  method: 'GET',
  url: 'https://id.example/x',
  sent,
  ...more,
})
const shape = (messages: readonly ProtocolMessage[]): unknown =>
  attemptsOf(messages).map(({ title, outcome, messages: { length } }) => `${title} ${outcome} ${length}`)

const metadata = message('Server metadata')
const keys = message('JSON Web Key Set')
const request = (state: string): ProtocolMessage => message('Authorization request', { state })
const response = (state: string, code = `code-${state}`): ProtocolMessage => message('Authorization response', { state, code })
const code = (value: string, more?: Partial<ProtocolMessage>): ProtocolMessage =>
  message('Token request: authorization code', { code: value }, more)

it('puts a sign-in with its set-up into one group, and each refresh into its own', () => {
  const refresh = message('Token request: refresh')
  expect(
    shape([metadata, keys, request('a'), response('a'), code('code-a'), message('UserInfo request'), refresh, refresh]),
  ).toEqual(['Sign-in succeeded 5', 'Calls succeeded 1', 'Token refresh succeeded 1', 'Token refresh succeeded 1'])
})

it('keeps a pushed request with the request that names it', () => {
  expect(shape([message('Pushed authorization request'), request('a')])).toEqual(['Sign-in unfinished 2'])
})

it('tells two sign-ins apart that overlap, by state and code', () => {
  const messages = [request('a'), request('b'), response('a'), code('code-a'), response('b'), code('code-b')]
  const valuesOf = ({ sent }: ProtocolMessage): string => Object.values(sent).join(' ')
  expect(attemptsOf(messages).map((one) => one.messages.map(valuesOf))).toEqual([
    ['a', 'a code-a', 'code-a'],
    ['b', 'b code-b', 'code-b'],
  ])
})

it.each([
  ['a status', code('x', { status: 400 })],
  ['a failed request', code('x', { received: { failed: 'TypeError' } })],
  ['a failed check', code('x', { checks: [{ name: 'nonce', result: 'failed', expected: '', received: '' }] })],
  ['an error response', message('Authorization response', { state: 'a', error: 'access_denied' })],
])('shows a failure: %s', (_, failed) => {
  expect(shape([request('a'), failed])).toEqual(['Sign-in failed 2'])
})

it('keeps what the doctor sends apart, which servers refuse', () => {
  const probe = message('Token request: refresh', {}, { status: 400, isProbe: true })
  expect(shape([request('a'), probe, probe, code('code-a')])).toEqual(['Sign-in succeeded 2', 'Doctor succeeded 2'])
})

it('finds messages by any of their texts', () => {
  expect(matches(request('a'), 'AUTHORIZATION')).toBe(true)
  expect(matches(code('code-a', { status: 400, received: { error: 'invalid_grant' } }), 'invalid_grant')).toBe(true)
  expect(matches(request('a'), 'refresh')).toBe(false)
})
