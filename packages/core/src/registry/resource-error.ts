/** An answer of status 400 and above, from the registry's short-hand calls (`get`, `post`, …). Plain `fetch` does not throw it. */
export class ResourceError extends Error {
  readonly status: number
  /** The answer's body: parsed where it is JSON, else its text. */
  readonly body: unknown

  constructor(method: string, url: URL, status: number, body: unknown) {
    super(`${method} ${url.origin}${url.pathname} answered with status ${status}`)
    this.name = 'ResourceError'
    this.status = status
    this.body = body
  }
}
