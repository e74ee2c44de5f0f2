'use client'
import type { KeyboardEvent, PointerEvent, ReactElement } from 'react'
import { maxSize, MIN_SIZE, type DockSide } from './dock-settings.js'

interface DockResizerProps {
  readonly side: DockSide
  /** Pixels. */
  readonly size: number
  readonly onResize: (size: number) => void
}

const STEP = 16

/** The edge of the panel, which is dragged, or moved with the arrow keys. @see WAI-ARIA Authoring Practices, window splitter */
export function DockResizer({ side, size, onResize }: DockResizerProps): ReactElement {
  const max = maxSize(side)
  const resize = (next: number): void => onResize(Math.round(Math.min(max, Math.max(MIN_SIZE, next))))
  const drag = ({ currentTarget, pointerId, clientX, clientY }: PointerEvent): void => {
    if (currentTarget.hasPointerCapture(pointerId))
      resize(side === 'bottom' ? window.innerHeight - clientY : window.innerWidth - clientX)
  }
  const press = (event: KeyboardEvent): void => {
    const [grow, shrink] = side === 'bottom' ? ['ArrowUp', 'ArrowDown'] : ['ArrowLeft', 'ArrowRight']
    const next = { [grow ?? '']: size + STEP, [shrink ?? '']: size - STEP, Home: MIN_SIZE, End: max }[event.key]
    if (next === undefined) return
    event.preventDefault()
    resize(next)
  }
  return (
    <div
      className="lk-resizer"
      role="separator"
      tabIndex={0}
      aria-label="Resize the panel"
      aria-orientation={side === 'bottom' ? 'horizontal' : 'vertical'}
      aria-valuemin={MIN_SIZE}
      aria-valuemax={max}
      aria-valuenow={Math.min(size, max)}
      onPointerDown={({ currentTarget, pointerId }) => currentTarget.setPointerCapture(pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  )
}
