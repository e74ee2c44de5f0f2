import { findSimilar } from './find-similar.js'

/** The names of an object's members, complete: `{ [name]: true }`. */
export type MembersOf<Value> = Readonly<Record<keyof Value, true>>

/** Where the members are, for the message. */
export interface MembersOwner {
  /** The option or function, such as `clients`. */
  readonly name: string
  /** Which one of several, such as the id of a client. */
  readonly of?: string | undefined
  /** Set to true if the object may have members of its author's: then only those are refused that look like a misspelled one. */
  readonly isOpen?: boolean
  /** What to do about a member that looks like none. */
  readonly hint?: string
}

/**
 * Throws a TypeError for a member that is not known, with the name that is probably meant: a misspelled option would be ignored, and
 * some of them protect something. An object of a class may have members of its own.
 */
export function checkMembers(value: unknown, known: Readonly<Record<string, unknown>>, owner: MembersOwner): void {
  if (value === undefined) return
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${owner.name}: expected an object with the members ${Object.keys(known).join(', ')}`)
  const isOpen = owner.isOpen || !isPlain(value)
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined || Object.hasOwn(known, name)) continue
    const missing = Object.keys(known).filter((candidate) => !(isOpen && Reflect.get(value, candidate) !== undefined))
    const similar = findSimilar(name, missing)
    if (similar !== undefined || !isOpen) throw unknownMember(name, { owner, similar, known })
  }
}

interface Finding {
  readonly owner: MembersOwner
  readonly similar: string | undefined
  readonly known: Readonly<Record<string, unknown>>
}

function unknownMember(name: string, { owner, similar, known }: Finding): TypeError {
  const of = owner.of === undefined ? '' : ` of "${owner.of}"`
  const hint =
    similar === undefined ? `Known: ${Object.keys(known).join(', ')}.${owner.hint ?? ''}` : `Did you mean "${similar}"?`
  return new TypeError(`${owner.name}: "${name}"${of} is unknown. ${hint}`)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
