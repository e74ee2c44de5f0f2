import { Option, type Command } from 'commander'
import type { Output } from '../output.js'
import { parseHost, parsePort, parseProxies, type ServerOptions } from './server-options.js'
import { passwordsOf } from './store-location.js'
import { startServer } from './start-server.js'

const STORE_VARIABLE = 'LATCHKEY_STORE'
const PASSWORD_WARNING = `Warning: --store contains a password, which other accounts can read in the list of processes. Use the variable ${STORE_VARIABLE} instead.`

const EXAMPLES = `
Settings files are reloaded when they change.

Examples:
  npx latchkey server --port 9000 --users users.yaml --clients clients.yaml
  npx latchkey server --config latchkey.yaml --keys keys.json --store sqlite:tokens.db`

/** Adds `latchkey server`, which starts an authorization server and runs until the process is terminated. */
export function addServerCommand(program: Command, output: Output): void {
  program
    .command('server')
    .description('start an authorization server')
    .option('--port <number>', 'port to listen on; 0 takes a free port', parsePort, 9000)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--issuer <url>', 'issuer identifier (default: http://<host>:<port>)')
    .option(
      '--allowed-host <name...>',
      'further host names of requests, such as that of a proxy; .example.com for all below it',
      parseHost,
    )
    .option('--proxies <number>', 'reverse proxies in front of the server, which add to X-Forwarded-For', parseProxies, 0)
    .option('--config <file>', 'YAML or JSON with users, clients, grants, features, scopes, scopeClaims, oneClick')
    .option('--users <file>', 'list of users: sub, username, password, claims')
    .option('--clients <file>', 'list of clients: clientId, clientSecret, redirectUris, ...')
    .option('--keys <file>', 'JSON Web Key Set or PEM with the signing keys; created if missing')
    .addOption(
      new Option(
        '--store <store>',
        'memory, sqlite:<file>, redis://<host>, memcached:<host>:<port>, postgres://<host>/<db> or mysql://<host>/<db>',
      )
        .default('memory')
        .env(STORE_VARIABLE),
    )
    .option('--one-click', 'sign in with one click instead of a password')
    .option('--allow-insecure-http', 'accept http off loopback in issuer and redirect URIs: for tests on a local network')
    .option('--quiet', 'print the issuer, warnings and errors alone')
    .addHelpText('after', EXAMPLES)
    .action(async (options: ServerOptions, command: Command) => {
      if (command.getOptionValueSource('store') === 'cli' && passwordsOf(options.store).length > 0) output.error(PASSWORD_WARNING)
      const server = await startServer(options, output)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close())
    })
}
