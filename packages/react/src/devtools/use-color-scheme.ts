'use client'
import { useEffect, useState } from 'react'

/** @returns the scheme that the page has chosen with `color-scheme`; undefined: that of the system applies */
export function useColorScheme(): 'light' | 'dark' | undefined {
  const [scheme, setScheme] = useState<'light' | 'dark'>()
  useEffect(() => {
    const read = (): void => {
      const { colorScheme } = getComputedStyle(document.documentElement)
      setScheme(colorScheme === 'light' || colorScheme === 'dark' ? colorScheme : undefined)
    }
    read()
    // Themes are switched by an attribute or a class.
    const observer = new MutationObserver(read)
    observer.observe(document.documentElement, { attributes: true })
    return () => observer.disconnect()
  }, [])
  return scheme
}
