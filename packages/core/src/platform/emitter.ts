/** Named events with typed payloads. A listener that throws does not affect the others. */
export interface Emitter<Events> {
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void
}

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<(event: never) => void>>()
  return {
    on(name, listener) {
      const named = listeners.get(name) ?? new Set()
      // Development refuses anything else. It would throw once for each event, where no code of the app can catch it.
      if (typeof listener === 'function') listeners.set(name, named.add(listener))
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
