import { parseArgs } from 'node:util'

/** What the command line says. */
export interface CommandOptions {
  readonly port: number
  readonly host: string
  readonly issuer: string | undefined
  readonly config: string | undefined
  readonly users: string | undefined
  readonly clients: string | undefined
  readonly keys: string | undefined
  readonly store: string
  readonly oneClick: boolean
  readonly quiet: boolean
}

export const HELP: string = `latchkey-server: an OAuth 2.x and OpenID Connect authorization server for development and tests

  npx latchkey-server --port 9000 --users users.yaml --clients clients.yaml

  --port <number>     default 9000; 0 takes a free one
  --host <address>    default 127.0.0.1
  --issuer <url>      default http://<host>:<port>
  --config <file>     YAML or JSON with users, clients, grants, scopes, scopeClaims, oneClick
  --users <file>      a list of users: sub, username, password, claims
  --clients <file>    a list of clients: clientId, clientSecret, redirectUris, ...
  --keys <file>       where the signing keys are kept; made where it is missing
  --store <where>     memory (default), sqlite:<file>, redis://<host>, memcached:<host>:<port>
  --one-click         sign in with one click instead of a password
  --quiet             print the issuer and nothing else
  --version, --help

Files are read again when they change.
`

/** @returns the options, or what is asked in their place; throws a TypeError that says what is wrong with them */
export function readCommandLine(args: readonly string[]): CommandOptions | 'help' | 'version' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '9000' },
      host: { type: 'string', default: '127.0.0.1' },
      issuer: { type: 'string' },
      config: { type: 'string' },
      users: { type: 'string' },
      clients: { type: 'string' },
      keys: { type: 'string' },
      store: { type: 'string', default: 'memory' },
      'one-click': { type: 'boolean', default: false },
      quiet: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', short: 'v', default: false },
    },
  })
  if (values.help) return 'help'
  if (values.version) return 'version'
  const { port, host, issuer, config, users, clients, keys, store, quiet } = values
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new TypeError('--port: expected a number from 0 to 65535')
  return { port: Number(port), host, issuer, config, users, clients, keys, store, quiet, oneClick: values['one-click'] }
}
