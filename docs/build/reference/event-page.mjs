import { commentOf, membersOf, readTypes } from '../../../test/gate/documented-types.mjs'
import { pageOf, proseOf } from './markdown.mjs'
import { lineOf } from './members.mjs'

const INTRODUCTION = `\`client.on(name, listener)\` calls the listener for each event, and returns a function that removes it. In React,
\`useSessionEvent(name, listener)\` does the same for as long as the component is mounted.`

/** @returns {string} the page of the events of clients and of the audit log of the server */
export function eventPage() {
  const client = readTypes('core', ['index'])
  const server = readTypes('server', ['index'])
  return pageOf(
    { title: 'Events', description: 'Every event of a client, with its members, and the audit events of the server.', order: 5 },
    [
      INTRODUCTION,
      '## Events of a client',
      ...eventsOf(client),
      '## Audit events of the server',
      'The option `onEvent` of the server gets these. Members of an event:',
      membersOf(server, 'index', 'AuditEvent')
        .map((member) => lineOf(member, server.checker))
        .join('\n'),
    ],
  )
}

/** @param {import('../../../test/gate/documented-types.mjs').Types} types */
function eventsOf(types) {
  return membersOf(types, 'index', 'ClientEvents').map((event) => {
    const members = types.checker.getPropertiesOfType(types.checker.getTypeOfSymbol(event))
    const lines = members.map((member) => lineOf(member, types.checker)).join('\n')
    const text = proseOf(commentOf(event, types.checker))
    return [`### ${event.name} {#${event.name}}`, text, lines].filter((part) => part !== '').join('\n\n')
  })
}
