import type { AppSettings } from '../../harness/app-host.js'

declare global {
  interface Window {
    /** Written into the page by the test's app host. */
    readonly settings: AppSettings
  }
}

export const settings: AppSettings = window.settings
