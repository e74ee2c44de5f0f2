import type { AppSettings } from '../../harness/app-host.js'

declare global {
  interface Window {
    /** Written into the page by the test's app host. */
    readonly settings: AppSettings
    /** Milliseconds that a test moves the app's clock by. */
    clockShift?: number
  }
}

export const settings: AppSettings = window.settings
