import { ConfigurationError } from '@latchkey/core'

/**
 * Refuses arguments in production as well, where no other check names them.
 *
 * @throws ConfigurationError
 */
export function refuseArguments(where: string, isRight: boolean): void {
  if (isRight) return
  throw new ConfigurationError('configuration', `${where}: an argument is missing or has another type.`, {
    hint: 'A development build names the argument.',
  })
}

/** Whether a value may be a client, as far as can be told without types. */
export function isClient(client: unknown): boolean {
  return typeof (client as { getSnapshot?: unknown } | null | undefined)?.getSnapshot === 'function'
}
