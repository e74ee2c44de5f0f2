import type { Credentials } from './credentials.js'

/** One authorization in flight. */
export interface OAuth1Transaction {
  readonly state: string
  readonly redirectUri: string
  readonly credentials: Credentials
  readonly transport: string
  readonly returnTo?: string | undefined
  /** Milliseconds since the epoch, device clock. */
  readonly createdAt: number
}
