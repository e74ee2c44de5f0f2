import type { MessageRole } from '../network-log/log-entry.js'
import type { ResponseChange } from './altered-response.js'

/** Changes one kind of message, or all, between the app and a server. */
export interface Alteration {
  readonly role: MessageRole | 'any'
  /** What is changed, as the network log says it. */
  readonly note: string
  /** Sends the request, or does not, and returns what the app receives. For messages of the kind `request`. */
  readonly respond?: ((request: Request, send: (request: Request) => Promise<Response>) => Promise<Response>) | undefined
  /** Returns the URL that the browser opens instead. For messages of the kind `navigation`. */
  readonly navigate?: ((url: URL) => URL) | undefined
  /** What is changed in the URL with which a popup returns. For messages of the kind `callback`. */
  readonly callback?: ResponseChange | undefined
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

/** @returns the request with other values of parameters in its form */
export async function withForm(request: Request, changes: Readonly<Record<string, string>>): Promise<Request> {
  const form = new URLSearchParams(await request.clone().text())
  for (const [name, value] of Object.entries(changes)) form.set(name, value)
  return new Request(request.url, { method: request.method, headers: request.headers, body: form })
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
