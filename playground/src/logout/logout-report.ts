/** How the server notifies the app. */
export type LogoutChannelName = 'back' | 'front'

/** Whether a logout message was accepted. The message itself is in the network log. */
export interface LogoutReport {
  /** Why it was refused. */
  readonly refusal: string | undefined
  /** True for the last report of one sign-out. */
  readonly isLast: boolean
}
