import type { IncomingMessage } from 'node:http'

/** Returns the origin of a request; undefined for another host than this machine, which a `Host` header can name (DNS rebinding). */
export function originOf({ headers, socket }: IncomingMessage): string | undefined {
  const origin = `${'encrypted' in socket ? 'https' : 'http'}://${headers.host}`
  const hostname = URL.canParse(origin) ? new URL(origin).hostname : ''
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? new URL(origin).origin : undefined
}
