import { throwLoadFailure } from '@latchkey/core/internals'

type Problems = typeof import('./problems.js').problems

/** Creates an error, with a text that is loaded now. */
export async function problem<Name extends keyof Problems>(
  name: Name,
  ...seen: Parameters<Problems[Name]>
): Promise<ReturnType<Problems[Name]>> {
  const { problems } = await import('./problems.js').catch(throwLoadFailure)
  return (problems[name] as (...seen: unknown[]) => ReturnType<Problems[Name]>)(...seen)
}
