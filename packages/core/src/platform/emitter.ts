import { createError } from '../errors/create-error.js'

/** Named events with typed payloads. A listener that throws does not affect the others. */
export interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()
  return {
    on(name, listener) {
      // Later it would fail at each event, where no caller sees it.
      if (typeof listener !== 'function')
        throw createError('configuration', 'The listener is no function.', { hint: 'Pass one.' })

      const named = listeners.get(name) ?? new Set()
      listeners.set(name, named.add(listener))
      return () => named.delete(listener)
    },
    emit(name, event) {
      for (const listener of [...(listeners.get(name) ?? [])]) {
        try {
          listener(event as never)
        } catch (cause) {
          // The app's own mistake, reported as such, outside of ours.
          queueMicrotask(() => {
            throw cause
          })
        }
      }
    },
  }
}
