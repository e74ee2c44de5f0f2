import type { MessageRole } from '../network-log/log-entry.js'

/** Changes one kind of message, or all, between the app and a server. */
export interface Alteration {
  readonly role: MessageRole | 'any'
  /** What is changed, as the network log says it. */
  readonly note: string
  /** Sends the request, or does not, and returns what the app receives. For messages of the kind `request`. */
  readonly respond?: ((request: Request, send: (request: Request) => Promise<Response>) => Promise<Response>) | undefined
  /** Returns the URL that the browser opens instead. For messages of the kind `navigation`. */
  readonly navigate?: ((url: URL) => URL) | undefined
}

type Body = Readonly<Record<string, unknown>>

/** Creates the `respond` of an alteration that changes the JSON body of the response. */
export function rewriting(rewrite: (body: Body) => object | Promise<object>): NonNullable<Alteration['respond']> {
  return async (request, send) => {
    const response = await send(request)
    const body: unknown = await response.json()
    return Response.json(await rewrite(typeof body === 'object' && body !== null ? { ...body } : {}), { status: response.status })
  }
}

/** Creates the `respond` of an alteration that never sends the request. */
export function responding(respond: () => Response): NonNullable<Alteration['respond']> {
  return async () => respond()
}

/** The `respond` of an alteration that sends the request twice, and returns the second response. */
export async function sendTwice(request: Request, send: (request: Request) => Promise<Response>): Promise<Response> {
  await send(request.clone())
  return send(request)
}

/** The `respond` of an alteration that behaves like a browser without a network. */
export function neverSend(): Promise<Response> {
  return Promise.reject(new TypeError('Failed to fetch'))
}

/** The `respond` of an alteration that leaves the app without a response until it gives up. */
export function neverRespond(request: Request): Promise<Response> {
  return new Promise((_, reject) => {
    request.signal.addEventListener('abort', () => reject(request.signal.reason as Error))
  })
}
