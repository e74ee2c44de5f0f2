/** An object whose members are absent or have a value. */
export type Defined<Value> = { readonly [Name in keyof Value]: Exclude<Value[Name], undefined> }

/** An object whose members may also be undefined, as a host has them that passes on what it may not have. */
export type Optional<Value> = { readonly [Name in keyof Value]?: Value[Name] | undefined }

/** Removes members without a value, so that they do not replace defaults. */
export function withoutUndefined<Value extends object>(value: Value): Defined<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<Value>
}
