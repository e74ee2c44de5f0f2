'use client'
import type { ReactElement } from 'react'

interface ClientSelectProps {
  readonly names: readonly string[]
  readonly selected: string
  readonly onSelect: (name: string) => void
}

/** Selects the client that a panel shows, if there are several. */
export function ClientSelect({ names, selected, onSelect }: ClientSelectProps): ReactElement | null {
  if (names.length < 2) return null
  return (
    <label>
      Client{' '}
      <select value={selected} onChange={(event) => onSelect(event.currentTarget.value)}>
        {names.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  )
}
