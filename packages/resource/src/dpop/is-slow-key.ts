/** Characters of an RSA modulus (8192 bits) and exponent. A large exponent makes a verification thirty times slower. */
const MAX_RSA = { n: 1366, e: 8 } as const

/** Tells whether signatures of this JSON Web Key, which a stranger made, take long to verify. */
export function isSlowKey(key: unknown): boolean {
  if (typeof key !== 'object' || key === null) return false
  return isLonger(Reflect.get(key, 'n'), MAX_RSA.n) || isLonger(Reflect.get(key, 'e'), MAX_RSA.e)
}

function isLonger(value: unknown, maxLength: number): boolean {
  return typeof value === 'string' && value.length > maxLength
}
