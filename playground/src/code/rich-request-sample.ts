import type { AuthorizationDetails } from '@latchkey/core'
import type { Connection } from '../connection/connection.js'
import { memberCode, signInCode } from './sample.js'

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
  const members = Object.entries(value).map(([name, member]) => `\n          ${memberCode(name, member)},`)
  return `{${members.join('')}\n        }`
}
