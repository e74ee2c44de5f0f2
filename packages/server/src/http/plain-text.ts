/**
 * Moves or hides text on a page: control and format characters, those that change its direction, line breaks, characters that are
 * drawn as nothing or as a blank, private ones, and halves of surrogate pairs.
 */
const MISLEADING = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u

/** Marks that are stacked on one letter, so that they cover the lines above and below. */
const STACKED = /\p{M}{4}/u

/** Tells whether text by an untrusted author has characters that make a page show something else than it says. */
export function isMisleading(text: string): boolean {
  return MISLEADING.test(text) || STACKED.test(text)
}

/** Tells whether text is one line that a page shows as it is: not blank, not misleading, and not longer than the limit. */
export function isPlainText(text: string, maxLength: number): boolean {
  return text.trim() !== '' && text.length <= maxLength && !isMisleading(text)
}

/** Returns text for a page: without misleading characters, and cut at the limit. */
export function cleanText(text: string, maxLength: number): string {
  const letters = Array.from(text, (letter) => (MISLEADING.test(letter) ? '' : letter)).join('')
  const clean = letters.replaceAll(/(\p{M}{3})\p{M}+/gu, '$1')
  return clean.length <= maxLength ? clean : `${clean.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Returns text for a developer: misleading characters, except line breaks, are written as `\u{202e}`. */
export function withVisibleCharacters(text: string): string {
  return Array.from(text, (letter) => (letter !== '\n' && MISLEADING.test(letter) ? escaped(letter) : letter)).join('')
}

function escaped(letter: string): string {
  return `\\u{${letter.codePointAt(0)?.toString(16)}}`
}
