/**
 * Returns the known name that an unknown one is probably meant to be: the same letters in another case or with other separators
 * (`client_secret`), or a few letters off. Undefined if none is close.
 */
export function findSimilar(name: string, known: Iterable<string>): string | undefined {
  const letters = lettersOf(name)
  const ranked = [...known]
    .map((candidate) => ({ candidate, distance: distanceBetween(letters, lettersOf(candidate)) }))
    .toSorted((one, other) => one.distance - other.distance)
  const [best] = ranked
  return best && best.distance <= Math.max(1, Math.floor(letters.length / 4)) ? best.candidate : undefined
}

/** Returns the known name with the same letters, in another case or with other separators. */
export function findOtherSpelling(name: string, known: Iterable<string>): string | undefined {
  return [...known].find((candidate) => lettersOf(candidate) === lettersOf(name))
}

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z\d]/g, '')
}

/** The number of letters to insert, delete or replace (Levenshtein), of which only the last row is kept. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1]
    for (const [place, otherLetter] of other.split('').entries()) {
      const replaced = (row[place] ?? 0) + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(replaced, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
