import { vi } from 'vitest'

/** Runs what makes React print the error that a render throws. */
export function silently(work: () => void): void {
  const print = vi.spyOn(console, 'error').mockReturnValue(undefined)
  window.addEventListener('error', suppress)
  try {
    work()
  } finally {
    window.removeEventListener('error', suppress)
    print.mockRestore()
  }
}

function suppress(event: ErrorEvent): void {
  event.preventDefault()
}
