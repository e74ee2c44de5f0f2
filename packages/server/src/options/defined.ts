/** The members of an object whose values are there: what `exactOptionalPropertyTypes` wants of optional members. */
export type Defined<Members> = { [Name in keyof Members]?: Exclude<Members[Name], undefined> }

/** @returns the object without the members that are undefined */
export function defined<Members extends object>(members: Members): Defined<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<Members>
}
