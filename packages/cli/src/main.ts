import { Command, CommanderError } from 'commander'
import { addDoctorCommand } from './doctor/doctor-command.js'
import { type Output, processOutput } from './output.js'
import { readVersion } from './read-version.js'
import { addServerCommand } from './server/server-command.js'

/** Adds one command to the program. A new command is a function of this type in `COMMANDS`. */
type AddCommand = (program: Command, output: Output) => void

const COMMANDS: readonly AddCommand[] = [addServerCommand, addDoctorCommand]

/**
 * Runs the command that the arguments name.
 *
 * @param args what follows `latchkey` on the command line
 * @returns the exit code. Commands that keep running, such as `server`, return 0 once they have started.
 */
export async function main(args: readonly string[], output: Output = processOutput): Promise<number> {
  try {
    const program = createProgram(await readVersion(), output)
    await program.parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    // The command or Commander has printed a message, or the help.
    if (error instanceof CommanderError) return error.exitCode
    output.error(error instanceof Error ? error.message : 'The command failed for an unknown reason.')
    return 1
  }
}

/** Creates the program with all its commands. The documentation lists them. */
export function createProgram(version: string, output: Output): Command {
  const program = new Command('latchkey')
    .description('OAuth 2.x and OpenID Connect for development and tests')
    .version(version, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    // Subcommands inherit these settings, so they precede COMMANDS.
    .exitOverride()
    .showHelpAfterError('Run with --help for the list of commands and options.')
    .configureOutput({
      writeOut: (text) => output.print(text.trimEnd()),
      writeErr: (text) => output.error(text.trimEnd()),
    })
  for (const addCommand of COMMANDS) addCommand(program, output)
  return program
}
