import type { Guess, GuessTarget, NamedUser } from '../limits/guess.js'
import { knownBrowser, rememberBrowser } from '../limits/known-browser.js'
import { limitGuesses, secondsToWait } from '../limits/limit-guesses.js'
import { nameUser, passwordTargets } from '../limits/name-user.js'
import type { AuthenticatedUser } from '../site/site-adapter.js'
import { siteOf, type InteractionContext } from './interaction-context.js'
import { renderInteraction } from './render-interaction.js'
import { typedSecrets } from './typed-secrets.js'

interface SignedInName {
  readonly name: string
  /** All names of the form. */
  readonly names: readonly string[]
  readonly user: AuthenticatedUser
}

/** Asks the site who the user is. A form that may sign in is a guess at a password: if there are too many, the page says when to try again. */
export async function authenticateUser(step: InteractionContext): Promise<AuthenticatedUser | Response | undefined> {
  const { context, interaction } = step
  const check = async (): Promise<AuthenticatedUser | undefined> => siteOf(step).authenticate(interaction)
  const typed = typedSecrets(interaction)
  if (typed?.isUnusual) return undefined
  if (!typed || !context.server.guessLimits) return check()
  const { names } = typed
  try {
    const user = await limitGuesses(context, await guessOf(step, names), check)
    if (user) await remember(step, names, user)
    return user
  } catch (error) {
    const seconds = secondsToWait(error)
    if (seconds === undefined) throw error
    context.headers.set('retry-after', String(seconds))
    const message = `Too many attempts. Try again in ${seconds === 1 ? 'one second' : `${seconds} seconds`}.`
    return renderInteraction(step, { reason: 'sign-in', message, status: 429 })
  }
}

/** A known browser is one for the user that it is known for, not for the other names of the form. */
async function guessOf(step: InteractionContext, names: readonly string[]): Promise<Guess<AuthenticatedUser>> {
  const { session, answered, client } = step.interaction
  const named = async (name: string): Promise<readonly GuessTarget[]> =>
    passwordTargets({ name, sender: await knownBrowser(step.context, name) }, client, siteOf(step))
  // Buttons of a custom site may look like a secret: those of one user must not count for all users of the address.
  const nameless = { name: session && answered !== 'sign-in' ? `session of ${session.userId}` : undefined }
  const [first = nameless, ...others] = (await Promise.all(names.map(named))).flat()
  const isOf = async (name: string, user: AuthenticatedUser): Promise<boolean> =>
    names.includes(name) && isNameOf(step, { name, names, user })
  return { ...first, others, kind: 'password', isOf, event: () => typedUser(step) }
}

async function remember(step: InteractionContext, names: readonly string[], user: AuthenticatedUser): Promise<void> {
  const { context } = step
  const added: string[] = []
  for (const name of names)
    if ((await knownBrowser(context, name)) === undefined && (await isNameOf(step, { name, names, user }))) added.push(name)
  await rememberBrowser(context, added)
}

/**
 * Tells whether a user who has signed in has this name. If the site does not know the name, the only one of a form is the user's, unless
 * the site returned the user of the session, whatever the form has.
 */
async function isNameOf(step: InteractionContext, { name, names, user }: SignedInName): Promise<boolean> {
  const { client, session } = step.interaction
  const { userId } = await nameUser(name, client, siteOf(step))
  if (userId !== undefined) return userId === user.userId
  return names.length === 1 && user.userId !== session?.userId
}

/** Returns whom an event about a form that signs in concerns: the first name that the site knows. */
export async function typedUser(step: InteractionContext): Promise<NamedUser> {
  const { client } = step.interaction
  for (const name of typedSecrets(step.interaction)?.names ?? []) {
    const named = await nameUser(name, client, siteOf(step))
    if (named.userId !== undefined) return named
  }
  return { clientId: client.clientId }
}
