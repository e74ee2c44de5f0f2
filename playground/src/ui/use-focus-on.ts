import { type RefObject, useEffect, useRef } from 'react'

/**
 * Moves the focus to an element, and scrolls it into view, when there is something new to read in it. It may be below the fold.
 *
 * @param shown what the element shows; undefined for nothing
 * @returns the ref of the element, which needs `tabIndex={-1}`
 */
export function useFocusOn(shown: unknown): RefObject<HTMLDivElement | null> {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (shown === undefined) return
    place.current?.focus({ preventScroll: true })
    // In braces, because newer browsers return a promise, which an effect must not.
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return place
}
