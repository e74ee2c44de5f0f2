const suffix = ' · Latchkey playground'

export function setPageTitle(title: string): void {
  document.title = title + suffix
}

/** @returns the heading of the current page */
export function pageTitle(): string {
  return document.title.replace(suffix, '')
}
