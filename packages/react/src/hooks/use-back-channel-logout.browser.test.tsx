import { createOAuthClient, type OAuthClient } from '@latchkey/core'
import { act, render, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { describe, expect, it } from 'vitest'
import { createTestServer } from '../testing.js'
import { OAuthProvider, useBackChannelLogout } from '../index.js'
import { cleanUpAfterEach } from '../fixtures/testing-library.fixture.js'

cleanUpAfterEach()

const URL_OF_STREAM = 'https://api.example/logout-events'

interface Bench {
  readonly client: OAuthClient
  /** Sends text in all open streams. */
  readonly send: (text: string) => void
  readonly streams: ReadableStreamDefaultController<Uint8Array>[]
}

/** @param status of the response to a request for the stream */
async function bench(status = 200): Promise<Bench> {
  const streams: Bench['streams'] = []
  const server = createTestServer({
    resources: ['https://api.example/'],
    api: () => {
      if (status !== 200) return new Response(null, { status })
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void streams.push(controller) })
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
    },
  })
  const client = createOAuthClient(server.options)
  render(
    <StrictMode>
      <OAuthProvider client={client}>
        <Listener />
      </OAuthProvider>
    </StrictMode>,
  )
  await screen.findByText('error: undefined')
  await act(() => client.login())
  const send = (text: string): void => {
    for (const stream of streams.splice(0)) {
      stream.enqueue(new TextEncoder().encode(text))
      streams.push(stream)
    }
  }
  return { client, send, streams }
}

function Listener() {
  const { error } = useBackChannelLogout({ url: URL_OF_STREAM })
  return <p>{`error: ${error?.message}`}</p>
}

describe('useBackChannelLogout()', () => {
  it('ends the session when the stream has the event "logout", and at nothing else', async () => {
    const { client, send, streams } = await bench()
    await expect.poll(() => streams.length).toBeGreaterThan(0)
    await act(async () => send(':\n\nevent: message\ndata: event: logout\n\n: event: logout\n\nevent: logouts\n\nevent: log'))
    expect(client.getSnapshot().status).toBe('signed-in')
    await act(async () => send('out\ndata:\n\n'))
    await expect.poll(() => client.getSnapshot().status).toBe('signed-out')
  })

  it('says that the API refuses the stream, and keeps the session', async () => {
    const { client } = await bench(404)
    await screen.findByText('error: The stream of logout events responded with 404')
    expect(client.getSnapshot().status).toBe('signed-in')
  })
})
