import { describe, expect, it } from 'vitest'
import type { MessageRole } from '../network-log/log-entry.js'
import { channelOf } from './channel.js'
import { stepPath } from './lanes.js'
import type { Story, StoryStep } from './story.js'

const modules = import.meta.glob<Readonly<Record<string, unknown>>>('./stories/*.ts', { eager: true })
const stories = Object.values(modules).flatMap((module) => Object.entries(module).filter(isNamedStory))

function isNamedStory(entry: readonly [string, unknown]): entry is [string, Story] {
  return typeof entry[1] === 'object' && entry[1] !== null && 'parties' in entry[1]
}

/** Messages in a URL that the browser opens. All others are requests of a program. */
const navigations: ReadonlySet<MessageRole> = new Set<MessageRole>([
  'authorization-request',
  'authorization-response',
  'end-session',
  'oauth1-authorization',
  'oauth1-callback',
])
/** The browser itself sends or receives it, in a frame of the server's page and between two pages of the app. */
const ofBrowser: ReadonlySet<MessageRole> = new Set<MessageRole>(['front-channel-logout', 'logout-event'])

describe('the stories', () => {
  it('are found', () => {
    expect(stories.length).toBeGreaterThan(25)
  })

  it.each(stories)('%s has a lane for each party of its steps, the browser between those that it connects', (_, story) => {
    for (const step of story.steps) {
      const { segments } = stepPath(step, story.parties)
      for (const party of [step.from, step.to, step.via ?? step.to]) expect(story.parties, step.id).toContain(party)
      // Two arrows of one step would lie on each other if they had different directions.
      expect(new Set(segments.map(({ direction }) => direction)).size, step.id).toBe(1)
    }
  })

  it.each(stories)('%s shows navigations in the front channel, and requests in the back channel', (_, { steps }) => {
    for (const step of steps.filter(hasChannel)) {
      const isNavigation = step.role !== undefined && navigations.has(step.role)
      if (step.role && !ofBrowser.has(step.role) && step.from !== 'user')
        expect(channelOf(step), step.id).toBe(isNavigation ? 'front' : 'back')
      expect(step.via, step.id).toBe(isNavigation || channelOf(step) !== 'back' ? 'browser' : undefined)
    }
  })
})

function hasChannel(step: StoryStep): boolean {
  return channelOf(step) !== undefined
}

describe('stepPath()', () => {
  const columns = ['user', 'app', 'browser', 'server'] as const

  it('stops a message of the front channel at the browser', () => {
    expect(stepPath({ from: 'server', to: 'app', via: 'browser' }, columns)).toEqual({
      segments: [
        { start: 2, span: 1, direction: 'left' },
        { start: 1, span: 1, direction: 'left' },
      ],
      stop: 2,
      passed: [],
    })
  })

  it('lets a direct request pass the browser, and a user’s input the app', () => {
    expect(stepPath({ from: 'app', to: 'server' }, columns)).toMatchObject({ segments: [{ start: 1, span: 2 }], passed: [2] })
    expect(stepPath({ from: 'user', to: 'server', via: 'browser' }, columns)).toMatchObject({ stop: 2, passed: [1] })
  })

  it('has no direction inside one party', () => {
    expect(stepPath({ from: 'app', to: 'app' }, columns)).toEqual({
      segments: [{ start: 1, span: 0, direction: 'none' }],
      stop: undefined,
      passed: [],
    })
  })
})
