import type { ResourceConnection } from '@latchkey/core'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { useEffect, useState } from 'react'

type Tool = Awaited<ReturnType<Client['listTools']>>['tools'][number]

/** The MCP SDK sends its requests by the `fetch` of the connection, which adds the token. */
async function openClient({ url, fetch }: ResourceConnection): Promise<Client> {
  const client = new Client({ name: 'latchkey-example', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { fetch }))
  return client
}

/** Lists the tools of the MCP server, and calls one with a click. */
export function Tools({ connection }: { readonly connection: ResourceConnection }) {
  const [session, setSession] = useState<{ readonly client: Client; readonly tools: readonly Tool[] }>()
  const [text, setText] = useState('')

  useEffect(() => {
    const opening = openClient(connection)
    const listing = opening.then(async (client) => setSession({ client, tools: (await client.listTools()).tools }))
    listing.catch((error: Error) => setText(error.message))
    return () => void opening.then((client) => client.close()).catch(() => undefined)
  }, [connection])

  const call = async (name: string): Promise<void> => {
    try {
      const result = await session?.client.callTool({ name, arguments: { text: `Note at ${new Date().toLocaleTimeString()}` } })
      setText(JSON.stringify(result?.content))
    } catch (error) {
      setText(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <>
      <ul>
        {session?.tools.map(({ name, description }) => (
          <li key={name}>
            <button onClick={() => void call(name)}>{name}</button> {description}
          </li>
        ))}
      </ul>
      <output>{text}</output>
    </>
  )
}
