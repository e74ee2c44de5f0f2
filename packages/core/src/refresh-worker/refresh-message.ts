/** What the page sends: one refresh request. Its refresh token is in the body, so the message never leaves this origin. */
export interface RefreshMessage {
  readonly id: string
  readonly url: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}

/** What the worker sends: that it runs, or the response of one request. */
export type WorkerMessage = 'ready' | RefreshReply

/** The response with the id of its request. */
export interface RefreshReply {
  readonly id: string
  /** Absent if the request failed. */
  readonly response?: RefreshResponse | undefined
}

/** A response of the token endpoint as data. */
export interface RefreshResponse {
  readonly type: ResponseType
  readonly status: number
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  readonly body: string
}
