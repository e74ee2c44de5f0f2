/** Runs what makes React print the error that a render throws. */
export function silently(work: () => void): void {
  const print = console.error
  const suppress = (event: ErrorEvent): void => event.preventDefault()
  console.error = () => undefined
  window.addEventListener('error', suppress)
  try {
    work()
  } finally {
    window.removeEventListener('error', suppress)
    console.error = print
  }
}
