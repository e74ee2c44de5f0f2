import { useSyncExternalStore } from 'react'

type ColorScheme = 'light' | 'dark'

/** @returns the color scheme of the documentation around this frame, which has its own switch; of the browser if there is no documentation */
export function useSiteColorScheme(): ColorScheme {
  return useSyncExternalStore(subscribe, readColorScheme)
}

function readColorScheme(): ColorScheme {
  const site = siteElement()
  const isDark = site ? site.classList.contains('dark') : matchMedia('(prefers-color-scheme: dark)').matches
  return isDark ? 'dark' : 'light'
}

function subscribe(listener: () => void): () => void {
  const site = siteElement()
  if (!site) return () => undefined
  const observer = new MutationObserver(listener)
  observer.observe(site, { attributeFilter: ['class'] })
  return () => observer.disconnect()
}

/** @returns undefined if this page is not in a frame of its own origin */
function siteElement(): HTMLElement | undefined {
  if (window.parent === window) return undefined
  try {
    return window.parent.document.documentElement
  } catch {
    return undefined
  }
}
