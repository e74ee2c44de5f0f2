import type { Channel } from '../platform/environment.js'

export interface TabSync {
  /** Tells the other tabs that the stored session is another one now, or gone. No token travels. */
  announce(news: TabNews): void
  close(): void
}

export type TabNews = 'session-changed' | 'session-cleared'

/** @returns a way to tell the other tabs and to hear from them */
export function createTabSync(channel: Channel | undefined, onNews: (news: TabNews) => void): TabSync {
  channel?.addEventListener('message', ({ data }) => {
    if (data === 'session-changed' || data === 'session-cleared') onNews(data)
  })
  return {
    announce: (news) => channel?.postMessage(news),
    close: () => channel?.close(),
  }
}
