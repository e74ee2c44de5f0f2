const ROUNDS = 25

/**
 * Resolves when work that was started before has had many turns at timers, storage, locks, channels and crypto: what it would send is
 * sent by then. Use it before asserting that something did not happen; it depends on the machine's speed as the work itself does.
 */
export async function settled(): Promise<void> {
  // Loading a file for the first time takes longer than all turns.
  await Promise.all([import('../client/session-calls.js'), import('../errors/describe-error.js')])
  const database = `settled-${crypto.randomUUID()}`
  for (let round = 0; round < ROUNDS; round++)
    await Promise.all([taskTurn(), crypto.subtle.digest('SHA-256', new Uint8Array(1)), lockTurn(database), storageTurn(database)])
}

/** A message needs a task of its own, as a message of another tab does. Fake timers do not hold it back. */
function taskTurn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage('')
  })
}

async function lockTurn(name: string): Promise<void> {
  if (typeof navigator !== 'undefined' && 'locks' in navigator) await navigator.locks.request(name, () => undefined)
}

function storageTurn(name: string): Promise<void> {
  return new Promise((resolve) => {
    if (typeof indexedDB === 'undefined') return resolve()
    const opening = indexedDB.open(name)
    opening.addEventListener('error', () => resolve())
    opening.addEventListener('success', () => {
      opening.result.close()
      resolve()
    })
  })
}
