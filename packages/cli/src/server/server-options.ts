import { InvalidArgumentError } from 'commander'
import { isHostPattern } from './host-check.js'

/** The options of `latchkey server`. */
export interface ServerOptions {
  readonly port: number
  readonly host: string
  readonly issuer?: string | undefined
  readonly allowedHost?: readonly string[] | undefined
  readonly config?: string | undefined
  readonly users?: string | undefined
  readonly clients?: string | undefined
  readonly keys?: string | undefined
  readonly store: string
  readonly proxies?: number | undefined
  readonly oneClick?: boolean | undefined
  readonly allowInsecureHttp?: boolean | undefined
  readonly quiet?: boolean | undefined
}

/** Parses `--port`. Throws an InvalidArgumentError if the value is not a port number. */
export function parsePort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new InvalidArgumentError('Expected a number from 0 to 65535.')
}

/** Parses `--proxies`. Throws an InvalidArgumentError if the value is not a number of proxies. */
export function parseProxies(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected the number of reverse proxies in front of the server, from 0 to 99.')
}

/** Parses one value of `--allowed-host`. Throws an InvalidArgumentError if it is not a host name. */
export function parseHost(text: string, previous: readonly string[] = []): readonly string[] {
  if (isHostPattern(text)) return [...previous, text]
  throw new InvalidArgumentError('Expected a host name without scheme and port, such as id.example.com or .example.com.')
}
