/**
 * Whether the option `allowPlainHttp` covers a URL. It is for servers: in a browser, everyone on the network of the user could read and
 * change the requests.
 *
 * @param option as the app gave it
 */
export function allowsPlainHttp({ protocol }: URL, option: boolean | undefined): boolean {
  return option === true && protocol === 'http:' && 'process' in globalThis && !('document' in globalThis)
}
