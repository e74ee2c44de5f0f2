/** Characters of a name. An e-mail address has at most 254, a distinguished name of a directory some more. */
const MAX_LENGTH = 400

/** Tells whether a user may be called so. Longer text is passed on to no site: what sites do with names may cost as much as here. */
export function isPossibleName(name: string): boolean {
  return name.length <= MAX_LENGTH
}

/** What is not visible, and the accents of Latin, Greek and Cyrillic letters. */
const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{C}\u0300-\u036F]/gu

/**
 * Returns a name as it is counted. Many sites and databases ignore case, spaces, accents or hidden characters, and each spelling would be a
 * guess more. Two users whose names differ in such a character share their counts. Longer text than a name is not normalized, which would
 * cost as much as the square of its combining marks.
 */
export function normalizeName(name: string): string {
  // In upper case first: some letters have a case that only this way leads to the others, as "ß" and "SS".
  return (isPossibleName(name) ? name.normalize('NFKD') : name)
    .replaceAll(IGNORED, '')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/\s/g, '')
}
