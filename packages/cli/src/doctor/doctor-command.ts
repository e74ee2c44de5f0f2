import { type Command, CommanderError, Option } from 'commander'
import type { Output } from '../output.js'
import type { DoctorOptions } from './run-doctor.js'

const EXAMPLES = `
It sends requests as the app would, among them ones with an invalid code, refresh token and access token. It needs no user and no secret.
The exit code is 1 if signing in fails.

Examples:
  npx latchkey doctor https://id.example.com
  npx latchkey doctor https://id.example.com --client-id spa --redirect-uri https://app.example.com/callback`

/** Adds `latchkey doctor`, which says what is wrong with a set-up and what to change. */
export function addDoctorCommand(program: Command, output: Output): void {
  program
    .command('doctor')
    .description('find out why an app cannot sign in')
    .argument('<issuer>', 'issuer URL of the authorization server')
    .option('--client-id <id>', 'client id of the app')
    .option('--redirect-uri <url>', 'redirect URI of the app')
    .option('--origin <url>', 'origin of the app (default: that of the redirect URI)')
    .option('--scope <scope>', 'scope that the app requests, in quotes', 'openid profile email')
    .option('--response-type <type>', 'response type that the app requests', 'code')
    .option('--alg <name>', 'algorithm that is registered for the ID tokens of the app', 'RS256')
    .option('--metadata-url <url>', 'address of the server metadata, if it is not the usual one')
    .addOption(
      new Option('--transport <name>', 'how the app goes to the server')
        .choices(['redirect', 'popup', 'iframe'])
        .default('redirect'),
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (issuer: string, options: DoctorOptions) => {
      // `latchkey server` does not need it.
      const { runDoctor } = await import('./run-doctor.js')
      const isHealthy = await runDoctor(issuer, options, output)
      // Ends the command with this code and no further message.
      if (!isHealthy) throw new CommanderError(1, 'latchkey.doctor', '')
    })
}
