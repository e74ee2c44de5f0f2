/** A null character, which many databases refuse, or half of a surrogate pair, which is no Unicode text. */
const UNUSABLE = /[\0\p{Cs}]/u

/** Tells whether text can be stored and sent anywhere: it has no null character, and is Unicode. */
export function isUsableText(text: string): boolean {
  return !UNUSABLE.test(text)
}
