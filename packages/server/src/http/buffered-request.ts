import { RawHeaders } from './raw-headers.js'

/** A request of a Node host whose body has arrived. */
export interface ReceivedRequest {
  readonly method: string
  /** As the URL parser leaves it. */
  readonly url: string
  /** Names and values by turns, as they were sent. */
  readonly rawHeaders: readonly string[]
  /** Undefined for a method that has no body. */
  readonly body: Uint8Array<ArrayBuffer> | undefined
  /** Calls back if the connection ends before the response is sent. */
  readonly onAbort: (abort: () => void) => void
}

/**
 * A `Request` that is made of its parts only if someone needs more than the endpoints do: to make one, with its headers, stream and signal,
 * takes longer than a request for a token.
 */
class BufferedRequest extends Request {
  declare received: ReceivedRequest
  declare lazyHeaders: RawHeaders | undefined
  declare lazyFull: Request | undefined

  get full(): Request {
    if (this.lazyFull) return this.lazyFull
    const { method, body = null, url, onAbort } = this.received
    const controller = new AbortController()
    onAbort(() => controller.abort())
    this.lazyFull = new Request(url, { method, headers: this.headers, body, signal: controller.signal })
    return this.lazyFull
  }
  override get method(): string {
    return this.received.method
  }
  override get url(): string {
    return this.received.url
  }
  override get headers(): Headers {
    return (this.lazyHeaders ??= RawHeaders.of(this.received.rawHeaders))
  }
  override get body(): Request['body'] {
    return this.full.body
  }
  override get bodyUsed(): boolean {
    return this.lazyFull?.bodyUsed ?? false
  }
  override get signal(): AbortSignal {
    return this.full.signal
  }
  override get cache(): RequestCache {
    return this.full.cache
  }
  override get credentials(): RequestCredentials {
    return this.full.credentials
  }
  override get destination(): RequestDestination {
    return this.full.destination
  }
  override get integrity(): string {
    return this.full.integrity
  }
  override get keepalive(): boolean {
    return this.full.keepalive
  }
  override get mode(): RequestMode {
    return this.full.mode
  }
  override get redirect(): RequestRedirect {
    return this.full.redirect
  }
  override get referrer(): string {
    return this.full.referrer
  }
  override get referrerPolicy(): ReferrerPolicy {
    return this.full.referrerPolicy
  }
  get duplex(): 'half' {
    return 'half'
  }
  override arrayBuffer(): Promise<ArrayBuffer> {
    return this.full.arrayBuffer()
  }
  override blob(): Promise<Blob> {
    return this.full.blob()
  }
  override bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return this.full.bytes()
  }
  override clone(): Request {
    return this.full.clone()
  }
  override formData(): Promise<FormData> {
    return this.full.formData()
  }
  override json(): Promise<unknown> {
    return this.full.json()
  }
  override text(): Promise<string> {
    return this.full.text()
  }
}

/** Returns a request whose body can be read at once. */
export function bufferedRequest(received: ReceivedRequest): Request {
  // The constructor of `Request` is what takes the time.
  const request = Object.create(BufferedRequest.prototype) as BufferedRequest
  request.received = received
  request.lazyHeaders = undefined
  request.lazyFull = undefined
  return request
}

/** Returns the body of a request that has arrived; undefined for another request, and for one whose body was read. */
export function bufferedBody(request: Request): Uint8Array<ArrayBuffer> | undefined {
  return isBuffered(request) && !request.lazyFull ? request.received.body : undefined
}

/** Compares the prototype: in Vitest with jsdom, `Request` defines `Symbol.hasInstance`, and `instanceof` is true for every request. */
function isBuffered(request: Request): request is BufferedRequest {
  return Object.prototype.isPrototypeOf.call(BufferedRequest.prototype, request)
}
