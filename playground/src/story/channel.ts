import type { Party, StoryStep } from './story.js'

/** How a message is sent: in a URL that the browser opens, or by a direct request. */
export type Channel = 'front' | 'back'

/** Parties that send and receive messages by themselves. */
const programs: ReadonlySet<Party> = new Set<Party>(['app', 'server', 'api', 'device'])

/** @returns undefined for a step inside one party, and for one between a user and a screen */
export function channelOf({ from, to, via }: Pick<StoryStep, 'from' | 'to' | 'via'>): Channel | undefined {
  if (from === to || !programs.has(from) || !programs.has(to)) return undefined
  return via ? 'front' : 'back'
}

/** What each channel means for what is sent. */
export const channelNotes: Readonly<Record<Channel, string>> = {
  front:
    'Front channel: the message is in a URL that the browser opens. Users and extensions can see and change it, and it may be stored in histories and logs.',
  back: 'Back channel: a direct request. The browser opens no page for it, and its message is in no URL that a user sees.',
}
