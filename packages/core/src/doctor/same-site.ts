/**
 * Whether two origins are on one site, for cookies. Without the list of public suffixes: two subdomains of a host such as `github.io`
 * look like one site.
 */
export function isSameSite(left: string, right: string): boolean {
  const [one, other] = [new URL(left), new URL(right)]
  return one.protocol === other.protocol && siteOf(one.hostname) === siteOf(other.hostname)
}

function siteOf(hostname: string): string {
  return /^[\d.]+$|^\[/.test(hostname) ? hostname : hostname.split('.').slice(-2).join('.')
}
