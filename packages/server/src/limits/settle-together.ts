/** The steps with one name that run at the same time. */
interface Group {
  readonly running: Set<Promise<unknown>>
  /** How many steps found nothing or failed since the group began. */
  wrong: number
}

/** The steps that are running in this process, by owner and name. */
const groups = new WeakMap<object, Map<string, Group>>()

/** Tells whether steps with this name are running. */
export function isRunning(owner: object, name: string): boolean {
  return groups.get(owner)?.has(name) ?? false
}

/**
 * Runs a step, and waits for the steps with the same names that are running when it ends: what they have found is known then.
 *
 * @param step returns undefined if what it checks is wrong
 * @returns the step's result, and whether a step, this one included, was wrong meanwhile
 */
export async function settleTogether<Result>(
  owner: object,
  names: readonly string[],
  step: () => Promise<Result | undefined>,
): Promise<{ readonly result: Result | undefined; readonly hadWrong: boolean }> {
  const byName = groups.get(owner) ?? new Map<string, Group>()
  groups.set(owner, byName)
  const joined = names.map((name) => {
    const group: Group = byName.get(name) ?? { running: new Set(), wrong: 0 }
    byName.set(name, group)
    return { name, group, wrongBefore: group.wrong }
  })
  const own = runStep(
    step,
    joined.map(({ group }) => group),
  )
  for (const { group } of joined) group.running.add(own)
  try {
    const result = await own
    for (const { group } of joined) group.running.delete(own)
    const others = joined.flatMap(({ group }) => [...group.running])
    if (others.length > 0) await Promise.allSettled(others)
    const hadWrong = joined.some(({ group, wrongBefore }) => group.wrong > wrongBefore)
    return { result, hadWrong }
  } finally {
    for (const { name, group } of joined) {
      group.running.delete(own)
      if (group.running.size === 0 && byName.get(name) === group) byName.delete(name)
    }
  }
}

/** Notes a wrong step before others learn that it has ended. */
async function runStep<Result>(step: () => Promise<Result | undefined>, joined: readonly Group[]): Promise<Result | undefined> {
  let result: Result | undefined
  try {
    result = await step()
    return result
  } finally {
    if (result === undefined) for (const group of joined) group.wrong += 1
  }
}
