import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DOCS } from '../pages.mjs'
import { pageOf, proseOf, tableOf } from './markdown.mjs'

const INTRODUCTION = `\`npx latchkey\` needs no installation. What it prints about itself with \`--help\` is the source of this page.`

/** @returns {Promise<string>} the page of the commands and their options, from the definition of the command line */
export async function cliPage() {
  const { createProgram } = await import(pathToFileURL(join(DOCS, '../packages/cli/dist/main.js')).href)
  const program = createProgram('', { print: () => undefined, error: () => undefined })
  return pageOf(
    { title: 'Command line', description: 'Every command of latchkey with its arguments, options and defaults.', order: 15 },
    [INTRODUCTION, ...program.commands.map(describeCommand)],
  )
}

/** @param {ReturnType<typeof import('../../../packages/cli/src/main.js').createProgram>} command */
function describeCommand(command) {
  const values = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  )
  const rows = command.options.map((option) => [
    `\`${option.flags}\``,
    proseOf(option.description) + (option.argChoices ? `: ${listOf(option.argChoices)}` : ''),
    option.defaultValue === undefined ? '–' : `\`${option.defaultValue}\``,
    option.envVar ? `\`${option.envVar}\`` : '–',
  ])
  return [
    `## latchkey ${command.name()} {#${command.name()}}`,
    `\`\`\`sh\nnpx latchkey ${[command.name(), ...values].join(' ')} [options]\n\`\`\``,
    `To ${proseOf(command.description())}.`,
    ...command.registeredArguments.map((argument) => `- \`${argument.name()}\`: ${proseOf(argument.description)}`),
    tableOf(['option', 'meaning', 'default', 'variable'], rows),
  ].join('\n\n')
}

/** @param {readonly string[]} choices */
function listOf(choices) {
  return choices.map((choice) => `\`${choice}\``).join(', ')
}
