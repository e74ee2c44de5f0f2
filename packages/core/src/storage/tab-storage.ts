/**
 * @returns this tab's `sessionStorage`; undefined where there is none or the browser forbids it (reading the property throws then)
 */
export function pageStorage(page: Window | undefined): Storage | undefined {
  try {
    return page?.sessionStorage
  } catch {
    return undefined
  }
}
