/** Whether a page is in a frame of any site: the user may not know that it was opened. */
export function isFramed(page: Window): boolean {
  return !!page.parent && page.parent !== page
}
