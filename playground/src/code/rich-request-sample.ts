import type { AuthorizationDetails } from '@latchkey/core'
import type { Connection } from '../connection/connection.js'
import { literal, signInCode } from './sample.js'

/** @returns a component that signs in with these details */
export function richRequestCode(connection: Connection, details: readonly AuthorizationDetails[]): string {
  const objects = details.map((one) => `\n        ${multiline(one)},`)
  return signInCode({
    connection,
    login: `{\n      transport: 'popup',\n      authorizationDetails: [${objects.join('')}\n      ],\n    }`,
  })
}

/** @returns the object with a line for each member */
function multiline(value: object): string {
  const members = Object.entries(value).map(([name, member]) => `\n          ${property(name, member)},`)
  return `{${members.join('')}\n        }`
}

function property(name: string, value: unknown): string {
  return `${/^[a-z_$][\w$]*$/i.test(name) ? name : literal(name)}: ${inline(value)}`
}

/** @returns a value of JSON as code, in one line */
function inline(value: unknown): string {
  if (typeof value === 'string') return literal(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, member]) => property(name, member))
    .join(', ')} }`
}
