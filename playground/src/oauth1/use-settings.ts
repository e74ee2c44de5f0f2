import { useEffect, useState } from 'react'
import { usePageState } from '../ui/use-page-state.js'
import { placements, readSettings, type Settings, signatureMethods, storeSettings } from './settings.js'

const defaults: Settings = { signatureMethod: 'HMAC-SHA1', placement: 'header' }
const choices = {
  signatureMethod: signatureMethods.map(({ value }) => value),
  placement: placements.map(({ value }) => value),
}

/**
 * Returns the settings in the URL of the page, and a function that changes them. The page is the callback URL as well, whose query
 * has no settings: there, they are those that the page had when it was left.
 */
export function useSettings(): readonly [Settings, (next: Settings) => void] {
  const [fallback, setFallback] = useState(() => (isCallback() ? readSettings(defaults) : defaults))
  const [settings] = usePageState(fallback, choices)
  const [, change] = usePageState(defaults, choices)
  useEffect(() => storeSettings(settings), [settings])
  const set = (next: Settings): void => {
    setFallback(defaults)
    change(next)
  }
  return [settings, set]
}

function isCallback(): boolean {
  return new URLSearchParams(location.search).has('oauth_token')
}
