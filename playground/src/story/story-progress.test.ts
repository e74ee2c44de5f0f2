import { describe, expect, it } from 'vitest'
import type { LogEntry, MessageRole } from '../network-log/log-entry.js'
import { logEntry as entry } from '../network-log/log-entry.fixture.js'
import { latestSignIn } from '../network-log/latest-sign-in.js'
import { introspectionStory } from './stories/api-stories.js'
import { codeStory } from './stories/code-story.js'
import { apiStory } from './stories/session-stories.js'
import { jarmStory } from './stories/front-channel-stories.js'
import { oauth1Story } from './stories/oauth1-story.js'
import { clientCredentialsStory, passwordStory } from './stories/program-stories.js'
import type { Story, StoryStep } from './story.js'
import { outcomeOf, storyProgress } from './story-progress.js'

function step(id: string, role: MessageRole | undefined): StoryStep {
  return { id, title: id, explanation: '', spec: '', from: 'app', to: 'api', role }
}

const [discovery, request, response, tokenRequest] = [
  entry('discovery'),
  entry('authorization-request'),
  entry('authorization-response'),
  entry('token-request'),
]

function states(entries: readonly LogEntry[], isSignedIn = false): string {
  return storyProgress(codeStory, latestSignIn(entries), isSignedIn ? 'succeeded' : 'open')
    .map(({ state }) => ({ done: '+', failed: 'x', open: '.' })[state])
    .join('')
}

describe('outcomeOf()', () => {
  it.each([
    ['no message', [], 'open'],
    ['a user who is at the server', [discovery, request], 'open'],
    ['a callback', [discovery, request, response], 'succeeded'],
    ['a refused request', [entry('token-request', { status: 400 })], 'failed'],
    ['a sign-out', [entry('end-session')], 'succeeded'],
  ] as const)('of %s', (_, entries, outcome) => {
    expect(outcomeOf(entries)).toBe(outcome)
  })

  it('does not say that the user has allowed an access while the popup is open', () => {
    const entries = [entry('temporary-credentials'), entry('oauth1-authorization', { kind: 'navigation' })]
    const done = storyProgress(oauth1Story, entries, outcomeOf(entries)).filter(({ state }) => state === 'done')
    expect(done.map(({ step: { id } }) => id)).toEqual(['temporary', 'authorization'])
  })
})

describe('storyProgress()', () => {
  it.each([
    ['no message', [], '........'],
    ['a redirect to the server', [discovery, request], '+++.....'],
    ['a callback with a code', [discovery, request, response], '+++++...'],
    ['a pending token request', [discovery, request, response, { ...tokenRequest, status: undefined }], '+++++...'],
    ['an unreachable server', [entry('discovery', { failure: 'no network' })], 'x.......'],
    [
      'a user who denied the request',
      [
        discovery,
        request,
        entry('authorization-response', { received: [{ name: 'error', value: 'access_denied', secret: false }] }),
      ],
      '+++.x...',
    ],
    ['a rejected code', [discovery, request, response, entry('token-request', { status: 400 })], '+++++x..'],
    ['a rejected ID token', [discovery, request, response, tokenRequest], '++++++..'],
    ['a sign-out after the sign-in', [discovery, request, response, tokenRequest, entry('end-session')], '........'],
    [
      'a second attempt with an unreachable server',
      [discovery, request, response, entry('discovery', { failure: 'no network' })],
      'x.......',
    ],
  ] as readonly (readonly [string, readonly LogEntry[], string])[])('shows %s', (_, entries, expected) => {
    expect(states(entries)).toBe(expected)
  })

  it('shows a poll as done while the next one has no response, and a refusal that the step is about', () => {
    const refusal: Story = { parties: ['app', 'api'], steps: [{ ...step('refusal', 'api'), isRefusal: true }] }
    const poll: Story = { parties: ['app', 'api'], steps: [step('poll', 'api')] }
    const stateOf = (story: Story, ...entries: LogEntry[]): unknown => storyProgress(story, entries, 'open')[0]?.state
    expect(stateOf(poll, entry('api'), entry('api', { status: undefined }))).toBe('done')
    expect(stateOf(poll, entry('api'), entry('api', { status: 401 }))).toBe('failed')
    expect(stateOf(refusal, entry('api', { status: 401 }))).toBe('done')
    expect(stateOf(refusal, entry('api', { status: undefined, failure: 'no network' }))).toBe('done')
    expect(stateOf(refusal, entry('api', { status: undefined }))).toBe('open')
  })

  it('shows every step as done when a user is signed in', () => {
    expect(states([discovery, request, response, tokenRequest], true)).toBe('++++++++')
  })

  it('shows the step after the last message as failed when the attempt has failed and no message has', () => {
    const ofAttempt = (entries: readonly LogEntry[]): string =>
      storyProgress(codeStory, entries, 'failed')
        .map(({ state }) => ({ done: '+', failed: 'x', open: '.' })[state])
        .join('')
    expect(ofAttempt([discovery, request, response, tokenRequest])).toBe('++++++x.')
    expect(ofAttempt([discovery, request, response, entry('token-request', { status: 400 })])).toBe('+++++x..')
    expect(ofAttempt([])).toBe('........')
  })

  it('shows the step of the last message as failed when the next one was never sent', () => {
    const introspection = (...entries: LogEntry[]): string[] =>
      storyProgress(introspectionStory, entries, 'failed').map(({ state }) => state)
    expect(introspection(discovery)).toEqual(['open', 'failed', 'open', 'open'])
    expect(introspection(discovery, entry('introspection'))).toEqual(['open', 'done', 'done', 'failed'])
    expect(introspection(discovery, entry('introspection', { status: 401 }))).toEqual(['open', 'done', 'failed', 'open'])
  })

  it('shows what the app did before a request that failed, and not a request without the token', () => {
    const statesOf = (...entries: LogEntry[]): string[] =>
      storyProgress(apiStory, entries, outcomeOf(entries)).map(({ state }) => state)
    const sent = [{ name: 'Authorization', value: 'Bearer ••••', secret: true }]
    expect(statesOf(entry('api', { status: 403, sent }))).toEqual(['done', 'failed', 'open'])
    expect(statesOf(entry('api', { status: 401 }))).toEqual(['open', 'open', 'open'])
  })

  it('shows what the app did before a message as done, even if the message has failed', () => {
    const refused = entry('token-request', { status: 400 })
    const signedResponse = storyProgress(jarmStory, [discovery, request, response, refused], 'failed')
    expect(signedResponse.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done', 'done', 'failed', 'open'])
    expect(storyProgress(passwordStory, [refused], 'failed').map(({ state }) => state)).toEqual(['done', 'failed', 'open'])
  })

  it('does not blame the server’s own step for a response that the app rejects', () => {
    const progress = storyProgress(clientCredentialsStory, [discovery, tokenRequest], 'failed')
    expect(progress.map(({ state }) => state)).toEqual(['done', 'failed', 'open', 'open'])
  })

  it('leaves the steps after a message open that was not sent yet', () => {
    const story: Story = {
      parties: ['app', 'api'],
      steps: [...codeStory.steps, step('call', 'api'), step('check', undefined)],
    }
    const progress = storyProgress(story, [discovery, request, response, tokenRequest], 'succeeded')
    expect(progress.map(({ state }) => state).slice(-3)).toEqual(['done', 'open', 'open'])
  })

  it('shows a cached discovery as done, and ignores the discovery of another server', () => {
    expect(states([request, response])).toBe('+++++...')
    const attempt = latestSignIn([entry('discovery', { url: 'https://other.example.com/' }), request])
    expect(storyProgress(codeStory, attempt, 'open')[0]?.entries).toEqual([])
  })
})
