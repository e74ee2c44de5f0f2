import { knownBrowser, rememberBrowser } from '../limits/known-browser.js'
import { limitGuesses, secondsToWait } from '../limits/limit-guesses.js'
import { nameUser, type NamedUser } from '../limits/name-user.js'
import type { AuthenticatedUser, Interaction } from '../site/site-adapter.js'
import { actionOf, siteOf, type InteractionContext } from './interaction-context.js'
import { renderInteraction } from './render-interaction.js'

/** Fields that sign-in forms have for the name, in this order. */
const NAME_FIELDS = ['username', 'email', 'login', 'user']

/** Asks the site who the user is. A form that signs in is a guess at a password: if there are too many, the page says when to try again. */
export async function authenticateUser(step: InteractionContext): Promise<AuthenticatedUser | Response | undefined> {
  const { context, interaction } = step
  const check = async (): Promise<AuthenticatedUser | undefined> => siteOf(step).authenticate(interaction)
  if (actionOf(interaction) !== 'sign-in' || !context.server.guessLimits) return check()
  const name = typedName(interaction)
  const sender = name === undefined ? undefined : await knownBrowser(context, name)
  try {
    const user = await limitGuesses(context, { kind: 'password', name, sender, event: () => typedUser(step) }, check)
    if (user && name !== undefined && sender === undefined) await rememberBrowser(context, name)
    return user
  } catch (error) {
    const seconds = secondsToWait(error)
    if (seconds === undefined) throw error
    context.headers.set('retry-after', String(seconds))
    const message = `Too many attempts. Try again in ${seconds === 1 ? 'one second' : `${seconds} seconds`}.`
    return renderInteraction(step, { reason: 'sign-in', message, status: 429 })
  }
}

/** Returns whom an event about a sign-in form concerns. */
export function typedUser(step: InteractionContext): Promise<NamedUser> {
  const { interaction } = step
  return nameUser(typedName(interaction), interaction.client, siteOf(step))
}

function typedName({ form }: Interaction): string | undefined {
  return NAME_FIELDS.map((field) => form?.get(field) ?? '').find((value) => value !== '')
}
