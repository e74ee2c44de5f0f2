/** Names and values, of which a name may be repeated. */
export type Pairs = readonly (readonly [name: string, value: string])[]

/** A JWT that is signed just before it is sent, by the key that fits its kind. */
export interface JwtTemplate {
  readonly kind: 'request-object' | 'client-assertion' | 'grant-assertion' | 'dpop'
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: unknown
}

/**
 * A request as plain data: it can be changed at random, and kept in a file. `{{code}}` and the like are replaced by fresh values when it
 * is sent, `{{jwt}}` by the signed JWT.
 */
export interface RequestTemplate {
  readonly name: string
  readonly method: string
  /** Under the issuer; `{{action}}`: where the form of the page is sent to. */
  readonly path: string
  readonly query: Pairs
  readonly headers: Readonly<Record<string, string>>
  /** The path of the page that is opened before, with the user's browser or a fresh one, for its form token. */
  readonly page?: string
  readonly isFreshBrowser?: boolean
  readonly form?: Pairs
  readonly json?: unknown
  /** The body as it is, instead of the others. */
  readonly raw?: string
  readonly jwt?: JwtTemplate
  /** Of the request object that the server fetches; its body is `{{jwt}}` unless given. */
  readonly fetched?: { readonly status: number; readonly type: string; readonly body?: string }
}

/** Whole numbers from 0 up to a limit, the same ones for the same seed. */
export type Random = (limit: number) => number

/** Creates the generator "mulberry32", which is enough to choose mutations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** Returns one of the items. */
export function choose<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random(items.length)]
  if (item === undefined) throw new TypeError('expected a list that is not empty')
  return item
}
