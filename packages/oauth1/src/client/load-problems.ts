import { loadRare } from './lazy-rare.js'
import type { Problems } from './problems.js'

/** Creates an error, with a text that is loaded now. */
export async function problem<Name extends keyof Problems>(name: Name, ...seen: Parameters<Problems[Name]>): Promise<unknown> {
  const problems = (await loadRare()).problems as unknown as Record<Name, (...all: unknown[]) => unknown>
  return problems[name](...seen)
}
