/**
 * Whether a page is in a frame of another origin, or in one of a page where this library runs, such as the app itself. Such a copy of the
 * app was not opened by the user. A page of this origin without the library may embed the app.
 */
export function isFramedCopy(page: Window): boolean {
  const { parent } = page
  if (!parent || parent === page) return false
  try {
    // Of another origin, reading the document throws. The other property is that of `signInsOf`.
    return !parent.document || 'latchkeySignIns' in parent || isFramedCopy(parent)
  } catch {
    return true
  }
}
