/** Names that differ in more characters than this are not the same name misspelled. */
const MAX_DISTANCE = 2

/** Returns the known name that was probably meant, or undefined. Case, `_` and `-` are ignored: `redirect_uri` is `redirectUri`. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = simplify(name)
  const near = known.map((candidate) => ({ candidate, distance: distance(plain, simplify(candidate)) }))
  const least = Math.min(...near.map((one) => one.distance))
  const nearest = near.find((one) => one.distance === least)?.candidate ?? ''
  return least <= Math.min(MAX_DISTANCE, nearest.length - 2) ? nearest : undefined
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '')
}

/** The Levenshtein distance. */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [row, character] of Array.from(one).entries()) {
    const current = [row + 1]
    for (const [column, expected] of Array.from(other).entries()) {
      const substituted = (previous[column] ?? 0) + (character === expected ? 0 : 1)
      current.push(Math.min(substituted, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
