type Steps = Map<string, Set<Promise<unknown>>>

/** The steps that are running in this process, by owner and name. */
const running = new WeakMap<object, Steps>()

/**
 * Runs a step, and waits for the steps with the same names that are running when it ends: what they have found is known then.
 *
 * @returns the step's result, and whether there were others
 */
export async function settleTogether<Result>(
  owner: object,
  names: readonly string[],
  step: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly hadOthers: boolean }> {
  const steps: Steps = running.get(owner) ?? new Map<string, Set<Promise<unknown>>>()
  running.set(owner, steps)
  const own = step()
  for (const name of names) steps.set(name, (steps.get(name) ?? new Set()).add(own))
  try {
    const result = await own
    removeSteps(steps, names, own)
    const others = names.flatMap((name) => [...(steps.get(name) ?? [])])
    await Promise.allSettled(others)
    return { result, hadOthers: others.length > 0 }
  } finally {
    removeSteps(steps, names, own)
  }
}

function removeSteps(steps: Steps, names: readonly string[], own: Promise<unknown>): void {
  for (const name of names) {
    const left = steps.get(name)
    left?.delete(own)
    if (left?.size === 0) steps.delete(name)
  }
}
