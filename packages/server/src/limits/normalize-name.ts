/** What is not visible, and the accents of Latin, Greek and Cyrillic letters. */
const IGNORED = /[\p{Default_Ignorable_Code_Point}\p{C}\u0300-\u036F]/gu

/**
 * Returns a name as it is counted. Many sites and databases ignore case, spaces, accents or hidden characters, and each spelling would be a
 * guess more. Two users whose names differ in such a character share their counts.
 */
export function normalizeName(name: string): string {
  // In upper case first: some letters have a case that only this way leads to the others, as "ß" and "SS".
  return name.normalize('NFKD').replaceAll(IGNORED, '').toUpperCase().toLowerCase().replaceAll(/\s/g, '')
}
