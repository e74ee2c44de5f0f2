/** @returns whether a URL is that of the redirect URI, whatever the response in its query or fragment */
export function isAtAddress(url: string, redirectUri: string): boolean {
  return plain(url) === plain(redirectUri)
}

function plain(address: string): string {
  return new URL(address).href.split(/[?#]/, 1)[0] ?? ''
}

/** @returns the parameters of an authorization response in query or fragment */
export function responseParameters(url: string): URLSearchParams {
  const { search, hash } = new URL(url)
  return new URLSearchParams([...new URLSearchParams(search), ...new URLSearchParams(hash.slice(1))])
}
