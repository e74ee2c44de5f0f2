import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

/** @type {Map<string, string[]>} */
const notes = new Map()

/**
 * The tools, for one user.
 *
 * @param {string} user
 */
export function createNotesServer(user) {
  const own = notes.get(user) ?? ['Analytical Engine']
  notes.set(user, own)
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  const show = () => ({ content: [{ type: /** @type {const} */ ('text'), text: `Notes of ${user}: ${own.join(', ')}` }] })
  server.registerTool('list_notes', { description: 'Lists the notes' }, show)
  server.registerTool('add_note', { description: 'Adds a note', inputSchema: { text: z.string() } }, ({ text }) => {
    own.push(text)
    return show()
  })
  return server
}
