import type { AuthorizationDetails } from '@latchkey/server'
import type { AuthorizationDetailsType } from '@latchkey/server/rar'

/** The maximum amount of one payment. */
const MAX_AMOUNT = 10_000

/** One payment, as in the example of RFC 9396, section 2. */
const paymentInitiation: AuthorizationDetailsType = {
  check(details) {
    const { instructedAmount, creditorName } = details
    const unknown = unknownMember(details, ['type', 'actions', 'instructedAmount', 'creditorName'])
    if (unknown) return unknown
    if (amountOf(instructedAmount) === undefined)
      return '"instructedAmount" must be { currency, amount } with an amount such as "12.50"'
    if (Number(amountOf(instructedAmount)) > MAX_AMOUNT) return `a payment must not exceed ${MAX_AMOUNT}`
    return typeof creditorName === 'string' && creditorName !== '' ? undefined : '"creditorName" must name the payee'
  },
  describe: ({ instructedAmount, creditorName }) =>
    `Pay ${amountOf(instructedAmount)} ${currencyOf(instructedAmount)} to ${String(creditorName)}, once`,
}

/** Access to account information. */
const accountInformation: AuthorizationDetailsType = {
  check: (details) =>
    unknownMember(details, ['type', 'actions', 'locations']) ??
    (details.actions?.length ? undefined : '"actions" must not be empty'),
  describe: ({ actions = [] }) => `In your accounts: ${actions.map((action) => action.replaceAll('_', ' ')).join(', ')}`,
}

/** The types of authorization details that the built-in server supports. */
export const authorizationDetailsTypes: Readonly<Record<string, AuthorizationDetailsType>> = {
  payment_initiation: paymentInitiation,
  account_information: accountInformation,
}

/** Unknown members must be rejected (RFC 9396, section 5). */
function unknownMember(details: AuthorizationDetails, known: readonly string[]): string | undefined {
  const member = Object.keys(details).find((name) => !known.includes(name))
  return member === undefined ? undefined : 'it contains a member that this type does not define'
}

/** @returns the amount; undefined unless amount and currency are valid */
function amountOf(value: unknown): string | undefined {
  const amount = stringMember(value, 'amount')
  return currencyOf(value) && amount && /^\d{1,9}([.]\d{2})?$/.test(amount) ? amount : undefined
}

function currencyOf(value: unknown): string | undefined {
  const currency = stringMember(value, 'currency')
  return currency && /^[A-Z]{3}$/.test(currency) ? currency : undefined
}

function stringMember(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return typeof member === 'string' ? member : undefined
}
