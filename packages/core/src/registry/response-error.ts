/** A response with a status of 400 or above, thrown by the methods `get`, `post`, … of a registered client. `fetch` does not throw it. */
export class ResponseError extends Error {
  /** HTTP status of the response. */
  readonly status: number
  /** Body of the response: parsed if it is JSON, otherwise its text. */
  readonly body: unknown

  constructor(method: string, url: URL, status: number, body: unknown) {
    super(`${method} ${url.origin}${url.pathname} responded with status ${status}`)
    this.name = 'ResponseError'
    this.status = status
    this.body = body
  }
}
