import { describe, expect, it } from 'vitest'
import type { Channel } from '../../platform/environment.js'
import { listenForResponse } from './listen-for-response.js'

/** One end of a channel, on which a test speaks for the other. */
function testChannel(): { channel: Channel; say: (data: unknown) => void; answers: unknown[] } {
  const listeners: Array<(event: { readonly data: unknown }) => void> = []
  const answers: unknown[] = []
  const channel: Channel = {
    postMessage: (message) => void answers.push(message),
    close: () => undefined,
    addEventListener: (_type, listener) => void listeners.push(listener),
  }
  return { channel, say: (data) => listeners.forEach((listener) => listener({ data })), answers }
}

const origin = 'https://app.example'

describe('listenForResponse() - invariant 7: a forged message does nothing', () => {
  it.each([
    undefined,
    null,
    'text',
    {},
    { type: 'other', url: `${origin}/?code=c` },
    { type: 'response' },
    { type: 'response', url: 42 },
    { type: 'response', url: 'not a url' },
    { type: 'response', url: 'https://evil.example/?code=c' },
    { type: 'response', url: 'javascript:alert(1)' },
  ])('ignores %j', (message) => {
    // covers B-017
    const { channel, say, answers } = testChannel()
    const heard: URL[] = []
    listenForResponse(channel, origin, (url) => heard.push(url))
    say(message)
    expect(heard).toEqual([])
    expect(answers).toEqual([])
  })

  it('receives one response, and confirms it to the page that sent it', () => {
    const { channel, say, answers } = testChannel()
    const heard: string[] = []
    listenForResponse(channel, origin, (url) => heard.push(url.href))
    say({ type: 'response', url: `${origin}/?code=c` })
    say({ type: 'response', url: `${origin}/?code=second` })
    expect(heard).toEqual([`${origin}/?code=c`])
    expect(answers).toEqual([{ type: 'received' }])
  })
})
