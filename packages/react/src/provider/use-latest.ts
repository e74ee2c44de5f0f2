'use client'
import { useEffect, useRef, type RefObject } from 'react'

/** @returns a ref to the value of the last committed render, for listeners that outlive a render */
export function useLatest<Value>(value: Value): Readonly<RefObject<Value>> {
  const ref = useRef(value)
  useEffect(() => {
    ref.current = value
  })
  return ref
}
