import type { AuthorizationDetails } from '@latchkey/server'
import type { AuthorizationDetailsType } from '@latchkey/server/rar'

/** The most that the playground's bank lets an app ask for at once. */
const limit = 10_000

/** One payment, in the words of RFC 9396, section 2. */
const paymentInitiation: AuthorizationDetailsType = {
  check(details) {
    const { instructedAmount, creditorName } = details
    const unknown = unknownMember(details, ['type', 'actions', 'instructedAmount', 'creditorName'])
    if (unknown) return unknown
    if (amountOf(instructedAmount) === undefined)
      return '"instructedAmount" must be { currency, amount } with an amount such as "12.50"'
    if (Number(amountOf(instructedAmount)) > limit) return `no payment may be of more than ${limit}`
    return typeof creditorName === 'string' && creditorName !== '' ? undefined : '"creditorName" must say who gets the money'
  },
  describe: ({ instructedAmount, creditorName }) =>
    `Pay ${amountOf(instructedAmount)} ${currencyOf(instructedAmount)} to ${String(creditorName)}, once`,
}

/** What an app may see of accounts. */
const accountInformation: AuthorizationDetailsType = {
  check: (details) =>
    unknownMember(details, ['type', 'actions', 'locations']) ??
    (details.actions?.length ? undefined : '"actions" must say what the app wants to see'),
  describe: ({ actions = [] }) => `In your accounts: ${actions.map((action) => action.replaceAll('_', ' ')).join(', ')}`,
}

/** What may be asked for in detail at the built-in server. */
export const authorizationDetailsTypes: Readonly<Record<string, AuthorizationDetailsType>> = {
  payment_initiation: paymentInitiation,
  account_information: accountInformation,
}

/** What a type does not know it must refuse (RFC 9396, section 5). */
function unknownMember(details: AuthorizationDetails, known: readonly string[]): string | undefined {
  const member = Object.keys(details).find((name) => !known.includes(name))
  return member === undefined ? undefined : 'it has a member that this type does not know'
}

/** @returns the amount, where it is one of a currency */
function amountOf(value: unknown): string | undefined {
  const amount = textIn(value, 'amount')
  return currencyOf(value) && amount && /^\d{1,9}([.]\d{2})?$/.test(amount) ? amount : undefined
}

function currencyOf(value: unknown): string | undefined {
  const currency = textIn(value, 'currency')
  return currency && /^[A-Z]{3}$/.test(currency) ? currency : undefined
}

function textIn(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof member === 'string' ? member : undefined
}
