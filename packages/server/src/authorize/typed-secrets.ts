import { isPossibleName, normalizeName } from '../limits/normalize-name.js'
import type { Interaction } from '../site/site-adapter.js'
import { actionOf } from './interaction-context.js'

/** Fields that sign-in forms have for the name, in this order. */
const NAME_FIELDS = ['username', 'email', 'login', 'user'] as const
/** Forms that sign in have one or two names. With more of them, one request would be many guesses. */
const MAX_NAMES = 8
/** A button may be called so: its text is not a name if there is another. Users may have such names, but type them into other fields. */
const BUTTON_FIELDS: ReadonlySet<string> = new Set(['login', 'user'])
const BUTTON_TEXT = /^(?:login|logon|signin|submit|continue|next|ok|yes|true|on|1)$/
const SECRET_FIELD = /pass|pwd|pin$|otp|secret|code|token/i
/** Fields of the server's own pages. */
const OWN_FIELDS: ReadonlySet<string> = new Set(['csrf', 'action'])
/** Buttons and checkboxes of a custom site send short texts. */
const SECRET_LENGTH = 4

/** What a form has that may sign a user in. */
export interface TypedSecrets {
  /** All names in it. A site reads one of them, which the server does not know. */
  readonly names: readonly string[]
  /** Whether it has more names than forms have, or longer ones. */
  readonly isUnusual: boolean
}

/**
 * Returns what a form may sign in with; undefined if there is nothing. The page and the button do not matter: a site's `authenticate` gets
 * the forms of all pages, and the sender of a form writes its `action`.
 */
export function typedSecrets(interaction: Interaction): TypedSecrets | undefined {
  const { form, answered } = interaction
  if (!form) return undefined
  if (typedValues(form).some(({ value }) => !isPossibleName(value))) return { names: [], isUnusual: true }
  const names = typedNames(form)
  const isSignIn = answered === 'sign-in' || actionOf(interaction) === 'sign-in'
  if (!isSignIn && names.length === 0 && ![...form].some(isSecret)) return undefined
  return { names: names.slice(0, MAX_NAMES), isUnusual: names.length > MAX_NAMES }
}

interface TypedValue {
  readonly field: (typeof NAME_FIELDS)[number]
  readonly value: string
}

function typedValues(form: URLSearchParams): readonly TypedValue[] {
  return NAME_FIELDS.flatMap((field) => form.getAll(field).map((value) => ({ field, value })))
}

function typedNames(form: URLSearchParams): readonly string[] {
  const filled = typedValues(form).filter(({ value }) => value.trim() !== '')
  const typed = filled.filter(({ field, value }) => !BUTTON_FIELDS.has(field) || !BUTTON_TEXT.test(normalizeName(value)))
  const names = typed.length > 0 ? typed : filled
  return [...new Map(names.map(({ value }) => [normalizeName(value), value])).values()]
}

function isSecret([field, value]: readonly [string, string]): boolean {
  return !OWN_FIELDS.has(field) && value !== '' && (SECRET_FIELD.test(field) || value.length >= SECRET_LENGTH)
}
