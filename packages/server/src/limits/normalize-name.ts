/** Returns a name as it is counted: many sites ignore case and spaces, and each spelling would be a guess more. */
export function normalizeName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
