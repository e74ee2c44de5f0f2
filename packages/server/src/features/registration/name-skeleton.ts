// cspell:ignore Lisu ɓɔɖɗəɛɣɩɲʃʊʋʒ -- a script and letters
/** Letters of other scripts, and digits and signs, that look like Latin ones; lower case. */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  з: '3',
  і: 'l',
  ї: 'l',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ѕ: 's',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  ӏ: 'l',
  ь: 'b',
  г: 'r',
  п: 'n',
  α: 'a',
  β: 'b',
  γ: 'y',
  ε: 'e',
  η: 'n',
  ι: 'l',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  օ: 'o',
  ս: 'u',
  ո: 'n',
  հ: 'h',
  ɓ: 'b',
  ɔ: 'c',
  ɖ: 'd',
  ɗ: 'd',
  ə: 'e',
  ɛ: 'e',
  ɣ: 'y',
  ɩ: 'l',
  ɲ: 'n',
  ʃ: 'l',
  ʊ: 'u',
  ʋ: 'v',
  ʒ: '3',
  ı: 'l',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ħ: 'h',
  i: 'l',
  0: 'o',
  1: 'l',
  5: 's',
  $: 's',
  '|': 'l',
  '!': 'l',
  '@': 'a',
}

/** Alphabets whose letters look like those of each other. */
const ALPHABETS: readonly RegExp[] = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Coptic}/u,
  /\p{Script=Lisu}/u,
]

/** Letters of phonetic alphabets and old prints, which look like others and which no name needs; some languages write a few of them. */
const PHONETIC = /(?![ɓɔɖɗəɛɣɩɲʃʊʋʒ])[\u017F\u0250-\u02AF\u1D00-\u1DBF\uA720-\uA7FF\uAB30-\uAB6F]/u
/** Digits of other scripts. */
const OTHER_DIGIT = /(?!\d)\p{Nd}/u

/** Returns what is left of a name if letters that look alike are the same; names with the same rest look alike. */
export function nameSkeleton(name: string): string {
  const letters = name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{Lm}]/gu, '')
    .toLowerCase()
  const latin = Array.from(letters, (letter) => LOOKALIKES[letter] ?? letter).join('')
  return latin
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

/** Tells whether a name in Latin letters has letters or digits that only look like them, or several spaces in a row. */
export function hasUnusualLetters(name: string): boolean {
  if (PHONETIC.test(name) || /\p{Zs}{2}/u.test(name)) return true
  return /\p{Script=Latin}/u.test(name) && OTHER_DIGIT.test(name.normalize('NFKC'))
}

/** Tells whether a word has letters of several alphabets, as a name does that imitates another one. */
export function mixesAlphabets(name: string): boolean {
  return name.split(/[^\p{L}\p{M}]+/u).some((word) => ALPHABETS.filter((alphabet) => alphabet.test(word)).length > 1)
}
