/** Streams of server-sent events, to which JSON is sent. */
export interface EventStream {
  /** Responds with a new stream. */
  readonly open: () => Response
  /** Sends a value to all open streams. */
  readonly send: (value: unknown) => void
}

/** @see HTML Standard, section 9.2 */
export function createEventStream(): EventStream {
  const encoder = new TextEncoder()
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const open = (): Response => {
    let own: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller
        streams.add(controller)
        // Sends the headers at once.
        controller.enqueue(encoder.encode(':\n\n'))
      },
      cancel: () => void (own && streams.delete(own)),
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
  }
  const send = (value: unknown): void => {
    for (const stream of streams) stream.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`))
  }
  return { open, send }
}
